package io.varve.binary;

/// A form of a format that is known but not read yet; names what it is.
public final class UnsupportedException extends RuntimeException {
    public UnsupportedException(String message) {
        super(message);
    }
}
