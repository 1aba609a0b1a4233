package io.varve.web.problem;

import java.util.Locale;

/// Stable codes of errors. Clients may rely on them; texts may change.
public enum Code {
    BAD_REQUEST(400),
    BAD_QUERY(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    UNKNOWN_SOURCE(404),
    CONFLICT(409),
    TOO_LARGE(413),
    THROTTLED(429),
    INTERNAL(500),
    UNAVAILABLE(503);

    private final int status;

    Code(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
