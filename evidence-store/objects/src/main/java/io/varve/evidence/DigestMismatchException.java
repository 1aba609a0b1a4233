package io.varve.evidence;

import java.io.IOException;

/// The bytes that arrived are not the bytes that were sent.
public final class DigestMismatchException extends IOException {
    public DigestMismatchException(String what, Digest expected, Digest actual) {
        super("%s: expected SHA-256 %s, got %s".formatted(what, expected, actual));
    }
}
