package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;

/// A call that is answered with an error: JSON from Azure Resource Manager, XML from storage.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static Refusal forbidden(String client, String action, String scope) {
        return new Refusal(
                403,
                "AuthorizationFailed",
                "The client '%1$s' with object id '%1$s' does not have authorization to perform action '%2$s' over scope '%3$s' or the scope is invalid."
                        .formatted(client, action, scope));
    }

    static Refusal notFound(String what) {
        return new Refusal(404, "ResourceNotFound", "The Resource '%s' was not found.".formatted(what));
    }

    Response json() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error").put("code", code).put("message", getMessage());
        Response answer = Response.json(status, error);
        return status == 429 ? answer.with("Retry-After", "1") : answer;
    }

    Response xml() {
        String body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, getMessage());
        return Response.bytes(status, "application/xml", body.getBytes(StandardCharsets.UTF_8))
                .with("x-ms-error-code", code);
    }
}
