package io.varve.web.problem;

/// A request that is answered with a problem. The message is read by the caller.
public final class ProblemException extends RuntimeException {
    private final Code code;

    public ProblemException(Code code, String detail) {
        super(detail);
        this.code = code;
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
