package io.varve.binary;

/// The evidence does not follow its format; never a fault in our own code.
public final class CorruptException extends RuntimeException {
    public CorruptException(String message) {
        super(message);
    }

    public CorruptException(String message, Throwable cause) {
        super(message, cause);
    }
}
