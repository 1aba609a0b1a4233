package io.varve.provider.crowdstrike;

/// A session is over at the vendor: it expired, or somebody ended it.
final class SessionLostException extends Exception {
    private static final long serialVersionUID = 1;

    SessionLostException(String message) {
        super(message);
    }
}
