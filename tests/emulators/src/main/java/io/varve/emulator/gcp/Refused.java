package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;

/// A refusal in the shape of Google's REST interfaces.
final class Refused extends Exception {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final boolean isStated;

    private Refused(int code, String reason, String message) {
        this(code, reason, message, false);
    }

    /// @param isStated whether it says a status of gRPC instead of a list of errors, as newer services do
    private Refused(int code, String reason, String message, boolean isStated) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.isStated = isStated;
    }

    static Refused missing(String what) {
        return new Refused(404, "notFound", "The resource '%s' was not found".formatted(what));
    }

    static Refused taken(String what) {
        return new Refused(409, "alreadyExists", "The resource '%s' already exists".formatted(what));
    }

    static Refused invalid(String message) {
        return new Refused(400, "invalid", message);
    }

    static Refused forbidden(String permission, String resource) {
        return new Refused(403, "forbidden", "Required '%s' permission for '%s'".formatted(permission, resource));
    }

    static Refused argument(String message) {
        return new Refused(400, "INVALID_ARGUMENT", message, true);
    }

    static Refused denied() {
        return new Refused(403, "PERMISSION_DENIED", "The caller does not have permission", true);
    }

    static Refused exhausted() {
        return new Refused(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute'",
                true);
    }

    static Refused notReady(String what) {
        return new Refused(400, "resourceNotReady", "The resource '%s' is not ready".formatted(what));
    }

    static Refused unknown() {
        return new Refused(401, "authError", "Request had invalid authentication credentials.");
    }

    /// Compute Engine says 403, the others 429.
    static Refused tooMany(String path) {
        if (path.startsWith("/v2/entries")) {
            return exhausted();
        }
        return path.startsWith("/compute/")
                ? new Refused(403, "rateLimitExceeded", "Rate Limit Exceeded")
                : new Refused(429, "rateLimitExceeded", "Quota exceeded for quota metric 'Requests'");
    }

    static Refused broken(int status) {
        return new Refused(status, "backendError", "Internal error: broken");
    }

    Response answer() {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error").put("code", code).put("message", getMessage());
        if (isStated) {
            error.put("status", reason);
            return Response.json(code, body);
        }
        error.putArray("errors")
                .addObject()
                .put("message", getMessage())
                .put("domain", reason.equals("rateLimitExceeded") ? "usageLimits" : "global")
                .put("reason", reason);
        Response response = Response.json(code, body);
        return code == 401
                ? response.with("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"")
                : response;
    }
}
