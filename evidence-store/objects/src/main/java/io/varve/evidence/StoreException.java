package io.varve.evidence;

import java.io.IOException;

/// The store itself could not take the bytes, e.g. its disk is full; sending them again later may work.
public final class StoreException extends IOException {
    public StoreException(String what, IOException cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
