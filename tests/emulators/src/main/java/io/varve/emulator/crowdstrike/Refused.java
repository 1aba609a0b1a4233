package io.varve.emulator.crowdstrike;

import io.varve.emulator.kit.Response;

/// A request the vendor refuses, with its error code.
final class Refused extends Exception {
    private final int status;
    private final int code;

    Refused(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    Response toResponse() {
        return Envelope.error(status, code, text());
    }
}
