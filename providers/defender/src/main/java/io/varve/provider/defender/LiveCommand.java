package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One command of a live response.
///
/// @param type `RunScript` or `GetFile`
record LiveCommand(String type, Map<String, String> params) {
    private static final int MOST_PARAMS = 20;

    /// Runs a script of the library; on Linux and macOS in bash.
    static LiveCommand runScript(String name, String arguments) {
        var params = new LinkedHashMap<String, String>();
        params.put("ScriptName", name);
        params.put("Args", arguments);
        return new LiveCommand("RunScript", params);
    }

    static LiveCommand getFile(String path) {
        return new LiveCommand("GetFile", Map.of("Path", path));
    }

    static LiveCommand read(JsonNode json) {
        var params = new LinkedHashMap<String, String>();
        for (JsonNode param : json.path("params")) {
            if (params.size() < MOST_PARAMS) {
                params.put(param.path("key").asText(), param.path("value").asText());
            }
        }
        return new LiveCommand(json.path("type").asText(), params);
    }

    Optional<String> script() {
        return Optional.ofNullable(params.get("ScriptName"));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", type);
        var array = json.putArray("params");
        params.forEach((key, value) -> array.addObject().put("key", key).put("value", value));
        return json;
    }

    @Override
    public String toString() {
        return params.values().stream().collect(Collectors.joining(" ", type + " ", ""));
    }
}
