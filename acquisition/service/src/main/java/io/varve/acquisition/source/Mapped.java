package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Any product's alerts, read by a mapping that a user defined.
public record Mapped(Mapping mapping) implements AlertSource {
    /// The source alerts with a mapping are posted to.
    public static final String NAME = "custom";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        var events = new ArrayList<JsonNode>();
        objects.forEach(object -> events.addAll(mapping.split(object)));
        return events;
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        if (mapping.fields().isEmpty()) {
            throw new UnreadableAlertException("no mapping is defined for this source");
        }
        return mapping.read(event, received);
    }
}
