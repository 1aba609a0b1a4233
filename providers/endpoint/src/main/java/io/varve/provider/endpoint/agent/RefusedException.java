package io.varve.provider.endpoint.agent;

/// The server understood and said no; asking again will not help.
final class RefusedException extends Exception {
    private final int status;
    private final String code;

    RefusedException(int status, String code, String detail) {
        super(code + ": " + detail);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
