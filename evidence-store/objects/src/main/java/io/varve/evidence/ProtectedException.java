package io.varve.evidence;

import java.io.IOException;

/// The object is retained or on legal hold and was not removed.
public final class ProtectedException extends IOException {
    public ProtectedException(String name, String why) {
        super("%s is protected: %s".formatted(name, why));
    }
}
