package io.varve.timeline;

/// The question cannot be answered as asked: bad syntax, an unknown facet, too costly. The message is for its author.
public final class QueryException extends RuntimeException {
    public QueryException(String message) {
        super(message);
    }

    public QueryException(String message, Throwable cause) {
        super(message, cause);
    }
}
