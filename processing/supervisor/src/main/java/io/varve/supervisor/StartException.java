package io.varve.supervisor;

/// Varve cannot run here; the message says why and what to do.
public final class StartException extends Exception {
    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
