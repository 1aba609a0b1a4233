package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Answers of vendors' list calls, as relays forward them: the alerts are in one member of the object.
final class Wrapped {
    private Wrapped() {}

    /// Every object of the lists found under these names, or the object itself where none is.
    static List<JsonNode> in(List<JsonNode> objects, String... names) {
        var events = new ArrayList<JsonNode>();
        for (JsonNode object : objects) {
            List<JsonNode> inside = inside(object, names);
            events.addAll(inside.isEmpty() ? List.of(object) : inside);
        }
        return events;
    }

    /// The objects of the first of these members that is a list of objects.
    static List<JsonNode> inside(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode list = object.path(name);
            if (list.isArray() && !list.isEmpty() && list.path(0).isObject()) {
                var objects = new ArrayList<JsonNode>();
                list.forEach(element -> {
                    if (element.isObject()) {
                        objects.add(element);
                    }
                });
                return objects;
            }
        }
        return List.of();
    }
}
