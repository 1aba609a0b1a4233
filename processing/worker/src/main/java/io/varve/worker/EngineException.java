package io.varve.worker;

/// An engine crashed, hung, or broke the protocol. What it sent before is good.
final class EngineException extends Exception {
    private final String reason;

    EngineException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
