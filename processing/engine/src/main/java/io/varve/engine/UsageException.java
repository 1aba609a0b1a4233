package io.varve.engine;

/// A command was called in a way it does not understand; the message says what is wrong with it.
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
