package io.varve.acquisition.source;

/// An alert body that is not what its source sends; the message says why, for the person who set the source up.
public final class UnreadableAlertException extends Exception {
    public UnreadableAlertException(String message) {
        super(message);
    }

    public UnreadableAlertException(String message, Throwable cause) {
        super(message, cause);
    }
}
