package io.varve.web.timeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.acquisition.model.AlertId;
import io.varve.database.Corroborations;
import io.varve.timeline.Hit;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Events as clients see them: as they are kept, with the alerts they are linked to.
@ApplicationScoped
public class Events {
    private final ObjectMapper json;
    private final Corroborations corroborations;

    Events(ObjectMapper json, Corroborations corroborations) {
        this.json = json;
        this.corroborations = corroborations;
    }

    public List<JsonNode> of(List<Hit> hits) {
        Map<String, List<AlertId>> alerts =
                corroborations.alertsOf(hits.stream().map(Hit::id).toList());
        var events = new ArrayList<JsonNode>(hits.size());
        for (Hit hit : hits) {
            ObjectNode event = read(hit.json());
            List<AlertId> linked = alerts.getOrDefault(hit.id(), List.of());
            if (!linked.isEmpty()) {
                ArrayNode ids = event.putArray("alerts");
                linked.forEach(alert -> ids.add(alert.toString()));
            }
            events.add(event);
        }
        return events;
    }

    private ObjectNode read(String event) {
        try {
            return (ObjectNode) json.readTree(event);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("an indexed event is not JSON", e);
        }
    }
}
