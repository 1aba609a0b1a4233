package io.varve.engine;

import java.io.IOException;

/// Results cannot be written; not the evidence's fault, and no reason to go on reading it.
public final class OutputException extends RuntimeException {
    public OutputException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
