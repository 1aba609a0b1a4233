package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.emulator.kit.Response;
import java.util.Collection;

/// The appliance's JSON: plain arrays and small objects, no envelope.
final class Answers {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Answers() {}

    static Response list(Collection<? extends JsonNode> items) {
        ArrayNode array = JSON.arrayNode();
        items.forEach(array::add);
        return Response.json(200, array);
    }

    static Response analyst() {
        return Response.json(200, JSON.objectNode().put("aianalyst", "SUCCESS"));
    }

    static Response success() {
        return Response.json(200, JSON.objectNode().put("response", "SUCCESS"));
    }

    static Response wrong(String message) {
        return Response.json(400, JSON.objectNode().put("error", message));
    }
}
