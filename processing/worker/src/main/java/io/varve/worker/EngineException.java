package io.varve.worker;

/// An engine crashed, hung, or broke the protocol. What it sent before is good.
final class EngineException extends Exception {
    EngineException(String message) {
        super(message);
    }
}
