package io.varve.supervisor.demo;

/// Something the demonstration must show did not happen; the message says what.
public final class DemoException extends Exception {
    public DemoException(String message) {
        super(message);
    }

    public DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
