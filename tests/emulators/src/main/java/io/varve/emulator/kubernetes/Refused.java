package io.varve.emulator.kubernetes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;

/// A refusal as the API server puts it: a `Status` object.
final class Refused extends RuntimeException {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;
    private final String text;

    private Refused(int status, String reason, String text) {
        super(text);
        this.status = status;
        this.reason = reason;
        this.text = text;
    }

    static Refused unauthorized() {
        return new Refused(401, "Unauthorized", "Unauthorized");
    }

    static Refused forbidden(String user, Access access) {
        return new Refused(
                403,
                "Forbidden",
                "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
                        .formatted(
                                access.resource(),
                                user,
                                access.verb(),
                                access.resource(),
                                access.group(),
                                access.namespace().isEmpty()
                                        ? " at the cluster scope"
                                        : " in the namespace \"%s\"".formatted(access.namespace())));
    }

    static Refused missing(String resource, String name) {
        return new Refused(404, "NotFound", "%s \"%s\" not found".formatted(resource, name));
    }

    static Refused noPage() {
        return new Refused(
                410,
                "Expired",
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
    }

    static Refused bad(String text) {
        return new Refused(400, "BadRequest", text);
    }

    static Refused invalid(String text) {
        return new Refused(422, "Invalid", text);
    }

    static Refused admission(String text) {
        return new Refused(403, "Forbidden", text);
    }

    static Refused method() {
        return new Refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static Refused tooMany() {
        return new Refused(429, "TooManyRequests", "too many requests, please try again later");
    }

    static Refused broken(int status) {
        return new Refused(status, "InternalError", "Internal error occurred: etcdserver: request timed out");
    }

    Response response() {
        ObjectNode body = JSON.createObjectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", text)
                .put("reason", reason)
                .put("code", status);
        body.putObject("metadata");
        Response response = Response.json(status, body);
        return status == 429 ? response.with("Retry-After", "1") : response;
    }
}
