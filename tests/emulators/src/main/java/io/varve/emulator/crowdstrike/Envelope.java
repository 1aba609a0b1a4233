package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Response;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// The vendor's JSON around every answer: `meta`, `resources`, `errors`.
final class Envelope {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    static final String TRACE = "X-CS-TRACEID";

    private Envelope() {}

    static Response resources(int status, Collection<? extends JsonNode> resources) {
        return respond(status, wrap(resources));
    }

    static Response one(int status, JsonNode resource) {
        return resources(status, List.of(resource));
    }

    static Response page(Collection<? extends JsonNode> resources, String offset, int limit, int total) {
        ObjectNode body = wrap(resources);
        ObjectNode pagination = body.withObject("/meta").putObject("pagination");
        if (offset.chars().allMatch(Character::isDigit) && !offset.isEmpty()) {
            pagination.put("offset", Integer.parseInt(offset));
        } else {
            pagination.put("offset", offset);
        }
        pagination.put("limit", limit).put("total", total);
        return respond(200, body);
    }

    static Response writes(int status, int affected) {
        ObjectNode body = wrap(List.of());
        body.withObject("/meta").putObject("writes").put("resources_affected", affected);
        return respond(status, body);
    }

    static Response error(int status, int code, String message) {
        ObjectNode body = wrap(List.of());
        body.withArray("errors").add(errorOf(code, message));
        return respond(status, body);
    }

    static ObjectNode errorOf(int code, String message) {
        return JSON.objectNode().put("code", code).put("message", message);
    }

    static ObjectNode wrap(Collection<? extends JsonNode> resources) {
        ObjectNode body = JSON.objectNode();
        body.putObject("meta")
                .put("query_time", 0.012)
                .put("powered_by", "varve-emulator")
                .put("trace_id", UUID.randomUUID().toString());
        ArrayNode array = body.putArray("resources");
        resources.forEach(array::add);
        body.putArray("errors");
        return body;
    }

    static Response respond(int status, ObjectNode body) {
        return Response.json(status, body).with(TRACE, body.at("/meta/trace_id").asText());
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
