package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;

/// A call that is answered with `errors` and no `data`.
final class Refused extends RuntimeException {
    private final int status;
    private final int code;
    private final String title;
    private final long retryAfter;

    private Refused(int status, int code, String title, String detail, long retryAfter) {
        super(detail);
        this.status = status;
        this.code = code;
        this.title = title;
        this.retryAfter = retryAfter;
    }

    private static Refused usual(int status, String title, String detail) {
        return new Refused(status, status * 10_000 + 10, title, detail, 0);
    }

    static Refused invalid(String detail) {
        return usual(400, "Validation Error", detail);
    }

    static Refused unauthenticated() {
        return usual(401, "Authentication Failed", "Could not authenticate user");
    }

    static Refused forbidden(String permission) {
        return usual(403, "Insufficient permissions", "Required permissions: " + permission);
    }

    static Refused notFound(String detail) {
        return usual(404, "Requested resource was not found", detail);
    }

    /// What was uploaded is gone.
    static Refused gone(String detail) {
        return new Refused(404, 4_100_010, "Requested resource was not found", detail, 0);
    }

    static Refused tooMany(long seconds) {
        return new Refused(429, 4_290_010, "Too Many Requests", "Rate limit exceeded", seconds);
    }

    static Refused broken(int status) {
        return usual(status, "Internal Server Error", "Something went wrong");
    }

    Response response() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("errors")
                .addObject()
                .put("code", code)
                .put("title", title)
                .put("detail", getMessage());
        Response response = Response.json(status, body);
        return retryAfter > 0 ? response.with("Retry-After", Long.toString(retryAfter)) : response;
    }
}
