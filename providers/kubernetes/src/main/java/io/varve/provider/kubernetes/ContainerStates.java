package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Each container of a pod and what became of it, a line each, from the pod's status: what runs, and what ran before
/// the last restart.
final class ContainerStates {
    private static final JsonMapper JSON = new JsonMapper();

    private ContainerStates() {}

    static List<ObjectNode> of(Found pod, JsonNode object) {
        var lines = new ArrayList<ObjectNode>();
        for (String list : List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
            for (JsonNode status : object.path("status").path(list)) {
                lines.add(line(pod, status, list, status.path("state"), "current"));
                if (status.path("lastState").size() > 0) {
                    lines.add(line(pod, status, list, status.path("lastState"), "previous"));
                }
            }
        }
        return lines;
    }

    private static ObjectNode line(Found pod, JsonNode status, String list, JsonNode state, String which) {
        ObjectNode line = JSON.createObjectNode()
                .put("cluster", pod.cluster())
                .put("namespace", pod.namespace())
                .put("pod", pod.name())
                .put("uid", pod.uid())
                .put("node", pod.node())
                .put("container", status.path("name").asText(""))
                .put("kind", kind(list))
                .put("which", which)
                .put("image", status.path("image").asText(""))
                .put("image_id", status.path("imageID").asText(""))
                .put("container_id", status.path("containerID").asText(""))
                .put("restarts", status.path("restartCount").asInt(0));
        state.properties().stream().findFirst().ifPresent(entry -> {
            JsonNode facts = entry.getValue();
            line.put("state", entry.getKey())
                    .put("started", facts.path("startedAt").asText(""))
                    .put("finished", facts.path("finishedAt").asText(""))
                    .put("reason", facts.path("reason").asText(""))
                    .put("message", facts.path("message").asText(""));
            if (facts.has("exitCode")) {
                line.put("exit_code", facts.path("exitCode").asInt());
            }
        });
        return line;
    }

    private static String kind(String list) {
        return switch (list) {
            case "initContainerStatuses" -> "init";
            case "ephemeralContainerStatuses" -> "ephemeral";
            default -> "app";
        };
    }
}
