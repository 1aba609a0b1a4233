package io.varve.provider.endpoint.server;

/// A request that is answered with a problem; see [io.varve.provider.endpoint.protocol.Message.Problem] for the codes.
final class RefusedException extends Exception {
    private final int status;
    private final String code;

    RefusedException(int status, String code, String detail) {
        super(detail);
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
