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

    private Refused(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
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

    static Refused unknown() {
        return new Refused(401, "authError", "Request had invalid authentication credentials.");
    }

    /// Compute Engine says 403, the others 429.
    static Refused tooMany(String path) {
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
