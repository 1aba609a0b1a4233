package io.varve.provider.endpoint.agent;

/// The server wants the capture to stop.
final class CancelledException extends Exception {
    CancelledException() {
        super("cancelled");
    }
}
