package io.varve.provider.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A pod as it was found, kept as the step `pod` of its capture.
///
/// @param cluster what the integration or the alert calls it; empty when neither does
/// @param node where it runs; empty before it was scheduled
/// @param caller whom the API server saw asking
/// @param at when it was found, ISO 8601
/// @param sharesProcesses whether its containers see each other's processes
record Found(
        String cluster,
        String namespace,
        String name,
        String uid,
        String node,
        String caller,
        String at,
        boolean sharesProcesses,
        List<Part> parts) {
    private static final JsonMapper JSON = new JsonMapper();

    /// A container of the pod.
    ///
    /// @param kind `init`, `app` or `ephemeral`
    /// @param runAs uid it is told to run as; empty when its image decides
    record Part(String name, String kind, String image, boolean isRunning, boolean hasRestarted, String runAs) {}

    static Found of(String cluster, String caller, Instant at, JsonNode pod) {
        JsonNode metadata = pod.path("metadata");
        var parts = new ArrayList<Part>();
        add(parts, pod, "initContainers", "initContainerStatuses", "init");
        add(parts, pod, "containers", "containerStatuses", "app");
        add(parts, pod, "ephemeralContainers", "ephemeralContainerStatuses", "ephemeral");
        return new Found(
                cluster,
                metadata.path("namespace").asText(""),
                metadata.path("name").asText(""),
                metadata.path("uid").asText(""),
                pod.path("spec").path("nodeName").asText(""),
                caller,
                at.toString(),
                pod.path("spec").path("shareProcessNamespace").asBoolean(false),
                List.copyOf(parts));
    }

    private static void add(List<Part> parts, JsonNode pod, String specs, String statuses, String kind) {
        for (JsonNode spec : pod.path("spec").path(specs)) {
            String name = spec.path("name").asText("");
            JsonNode status = named(pod.path("status").path(statuses), name);
            JsonNode own = spec.path("securityContext").path("runAsUser");
            JsonNode shared = pod.path("spec").path("securityContext").path("runAsUser");
            parts.add(new Part(
                    name,
                    kind,
                    Errors.plain(spec.path("image").asText("")),
                    status.path("state").has("running"),
                    status.path("restartCount").asInt(0) > 0
                            || status.path("lastState").has("terminated"),
                    own.isNumber() ? own.asText() : shared.asText("")));
        }
    }

    static JsonNode named(JsonNode list, String name) {
        for (JsonNode item : list) {
            if (item.path("name").asText("").equals(name)) {
                return item;
            }
        }
        return JSON.missingNode();
    }

    String path() {
        return "/api/v1/namespaces/%s/pods/%s".formatted(namespace, name);
    }

    /// As people and custody name it.
    String text() {
        return "%s%s/%s".formatted(cluster.isEmpty() ? "" : cluster + "/", namespace, name);
    }

    static Found read(String step) {
        try {
            return JSON.readValue(step, Found.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored step cannot be read: " + e.getMessage());
        }
    }

    String write() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
