package io.varve.web.problem;

import java.time.Duration;
import java.util.Optional;

/// A request that is answered with a problem. The message is read by the caller.
public final class ProblemException extends RuntimeException {
    private final Code code;
    private final Optional<Duration> retryAfter;

    public ProblemException(Code code, String detail) {
        super(detail);
        this.code = code;
        this.retryAfter = Optional.empty();
    }

    /// @param retryAfter when trying again makes sense
    public ProblemException(Code code, String detail, Duration retryAfter) {
        super(detail);
        this.code = code;
        this.retryAfter = Optional.of(retryAfter);
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    public static ProblemException notFound(String what) {
        return new ProblemException(Code.NOT_FOUND, "There is no such " + what + ".");
    }

    public static ProblemException badRequest(String detail) {
        return new ProblemException(Code.BAD_REQUEST, detail);
    }

    public Code code() {
        return code;
    }
}
