package io.varve.web.problem;

import jakarta.ws.rs.core.Response;

/// The body of an error, RFC 9457.
public record Problem(String type, String title, int status, String code, String detail) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(Code code, String detail) {
        return of(code, code.status(), detail);
    }

    static Problem of(Code code, int status, String detail) {
        Response.StatusType known = Response.Status.fromStatusCode(status);
        String title = known == null ? code.toString() : known.getReasonPhrase();
        return new Problem("about:blank", title, status, code.toString(), detail);
    }

    public Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
