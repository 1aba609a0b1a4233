package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;
import java.util.UUID;

/// A call that is answered with an error, in the shape that all three Microsoft services share.
public final class Refused extends RuntimeException {
    private final int status;
    private final String code;
    private final long retryAfter;

    private Refused(int status, String code, String message, long retryAfter) {
        super(message);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public static Refused of(int status, String code, String message) {
        return new Refused(status, code, message, 0);
    }

    static Refused badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static Refused missing(String parameter) {
        return of(400, "MissingRequiredParameter", "Required parameter is missing: " + parameter);
    }

    static Refused notFound(String what) {
        return of(404, "ResourceNotFound", "Resource '" + what + "' was not found");
    }

    static Refused tooMany(long seconds) {
        return new Refused(429, "TooManyRequests", "Too many requests, try again in " + seconds + " seconds", seconds);
    }

    public Response response() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error")
                .put("code", code)
                .put("message", getMessage())
                .put("target", UUID.randomUUID().toString());
        Response response = Response.json(status, error);
        return retryAfter > 0 ? response.with("Retry-After", Long.toString(retryAfter)) : response;
    }
}
