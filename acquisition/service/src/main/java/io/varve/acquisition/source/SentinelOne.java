package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// SentinelOne: threats, STAR alerts, alerts of the unified alert management, and the activities that announce threats
/// and alerts. Activities about anything else are refused as such. A threat has the same id in all of them.
final class SentinelOne implements AlertSource {
    static final String AGENT = "sentinelone";

    @Override
    public String name() {
        return "sentinelone";
    }

    /// Lists under `data`, GraphQL edges, and objects that hold their alerts by id.
    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        var events = new ArrayList<JsonNode>();
        for (JsonNode object : objects) {
            JsonNode edges = object.at("/data/alerts/edges");
            if (edges.isArray() && !edges.isEmpty()) {
                edges.forEach(edge -> events.add(edge.path("node").isObject() ? edge.path("node") : edge));
                continue;
            }
            List<JsonNode> data = Wrapped.inside(object, "data");
            events.addAll(data.isEmpty() ? byId(object) : data);
        }
        return events;
    }

    private static List<JsonNode> byId(JsonNode object) {
        var alerts = new ArrayList<JsonNode>();
        for (var member : object.properties()) {
            if (!member.getKey().equals(member.getValue().path("id").asText(""))) {
                return List.of(object);
            }
            alerts.add(member.getValue());
        }
        return alerts.isEmpty() ? List.of(object) : alerts;
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var fields = new Fields(event);
        if (fields.isObject("threatInfo")) {
            return SentinelOneThreat.read(fields, received);
        }
        if (fields.isObject("alertInfo") || fields.isObject("ruleInfo")) {
            return SentinelOneStar.alert(fields, received);
        }
        if (fields.has("activityType")) {
            return SentinelOneActivity.read(fields, received);
        }
        if (fields.has("detectionSource") || fields.has("assets") || fields.has("attackSurfaces")) {
            return SentinelOneUnified.read(fields, received);
        }
        throw new UnreadableAlertException("not a SentinelOne threat, alert or activity");
    }

    /// The number the console's API uses for an agent; the agent's own UUID, marked, where only that is known.
    static Optional<String> agent(Optional<String> number, Optional<String> uuid) {
        return number.or(() -> uuid.map(id -> "uuid-" + id));
    }

    /// `DOMAIN\name`, or on Linux `Effective: root, Real: jo, Login: jo`.
    static Optional<String> user(Optional<String> text) {
        return text.map(user -> user.startsWith("Effective: ")
                ? user.substring("Effective: ".length()).split(",", 2)[0].strip()
                : user);
    }
}
