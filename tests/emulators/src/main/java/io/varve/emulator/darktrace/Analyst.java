package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.darktrace.Filter.Flag;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/// AI Analyst: incident events, the groups they form, comments on events.
final class Analyst {
    private final Clock clock;
    private final Map<String, ObjectNode> events = new LinkedHashMap<>();
    private final Map<String, ObjectNode> groups = new LinkedHashMap<>();
    private final List<Comment> comments = new ArrayList<>();
    private final List<ObjectNode> investigations = new ArrayList<>();

    Analyst(Clock clock) {
        this.clock = clock;
    }

    synchronized void event(ObjectNode event) {
        events.put(required(event, "id"), event.deepCopy());
    }

    synchronized void group(ObjectNode group) {
        groups.put(required(group, "id"), group.deepCopy());
    }

    private static String required(ObjectNode object, String field) {
        String value = object.path(field).asText();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value;
    }

    /// The first group takes up the second under a new id.
    synchronized String merge(String first, String second) {
        ObjectNode into = Objects.requireNonNull(groups.remove(first), first);
        ObjectNode other = Objects.requireNonNull(groups.remove(second), second);
        String id = "g" + UUID.randomUUID();
        into.put("id", id);
        ArrayNode previous = into.withArray("previousIds").add(first).add(second);
        other.path("previousIds").forEach(previous::add);
        for (String field : List.of("incidentEvents", "devices", "initialDevices", "mitreTactics")) {
            other.path(field).forEach(into.withArray(field)::add);
        }
        into.put(
                "start",
                Math.min(into.path("start").asLong(), other.path("start").asLong()));
        into.put("end", Math.max(into.path("end").asLong(), other.path("end").asLong()));
        groups.put(id, into);
        for (ObjectNode event : events.values()) {
            String group = event.path("currentGroup").asText();
            if (group.equals(first) || group.equals(second)) {
                event.withArray("groupPreviousGroups").add(group);
                event.put("currentGroup", id);
            }
        }
        return id;
    }

    synchronized Response groups(Call call) {
        var filter = new Filter(call);
        return Answers.list(groups.values().stream()
                .filter(group -> shown(
                        filter,
                        group,
                        group.path("start").asLong(),
                        group.path("end").asLong()))
                .filter(group -> filter.any("groupid", group.path("id")))
                .filter(group -> filter.any("did", group.path("devices")))
                .filter(group -> filter.any("uuid", uuids(group)))
                .filter(group -> category(filter, group.path("category").asText()))
                .filter(group -> filter.range(
                        "mingroupscore",
                        "maxgroupscore",
                        group.path("groupScore").asDouble()))
                .toList());
    }

    synchronized Response events(Call call) {
        var filter = new Filter(call);
        boolean links = filter.flag("includeincidenteventurl", Flag.OFF);
        return Answers.list(events.values().stream()
                .filter(event -> shown(
                        filter,
                        event,
                        event.path("createdAt").asLong(),
                        event.path("createdAt").asLong()))
                .filter(event -> filter.any("groupid", event.path("currentGroup")))
                .filter(event -> filter.any("uuid", event.path("id")))
                .filter(event -> filter.any("did", dids(event)))
                .filter(event -> category(filter, event.path("groupCategory").asText()))
                .filter(event -> filter.range(
                        "minscore", "maxscore", event.path("aiaScore").asDouble()))
                .filter(event -> filter.range(
                        "mingroupscore",
                        "maxgroupscore",
                        event.path("groupScore").asDouble()))
                .map(event -> links ? linked(event) : event)
                .map(filter::trimmed)
                .toList());
    }

    private static ObjectNode linked(ObjectNode event) {
        return event.deepCopy()
                .put(
                        "incidentEventUrl",
                        "https://darktrace.example/#aiaincidentevent/"
                                + event.path("id").asText());
    }

    /// Pinned ones come whatever the window, unless the caller says otherwise.
    private static boolean shown(Filter filter, ObjectNode item, long start, long end) {
        boolean pinned = item.path("pinned").asBoolean();
        if (filter.flag("includeonlypinned", Flag.OFF) && !pinned) {
            return false;
        }
        if (item.path("acknowledged").asBoolean() && !filter.flag("includeacknowledged", Flag.OFF)) {
            return false;
        }
        boolean leaks = pinned && filter.flag("includeallpinned", Flag.ON);
        return leaks || filter.window(start, end);
    }

    private static boolean category(Filter filter, String category) {
        return switch (category) {
            case "critical", "suspicious", "compliance" -> filter.flag("group" + category, Flag.ON);
            default -> true;
        };
    }

    private static JsonNode uuids(ObjectNode group) {
        ArrayNode uuids = Answers.JSON.arrayNode();
        group.path("incidentEvents").forEach(event -> uuids.add(event.path("uuid")));
        return uuids;
    }

    private static JsonNode dids(ObjectNode event) {
        ArrayNode dids = Answers.JSON.arrayNode();
        event.path("breachDevices").forEach(device -> dids.add(device.path("did")));
        return dids;
    }

    synchronized Response comment(Call call) {
        String event = call.json().path("incident_id").asText();
        String message = call.json().path("message").asText();
        if (!events.containsKey(event) || message.isEmpty()) {
            return Answers.wrong("incident_id and message are required");
        }
        comments.add(new Comment(event, call.caller(), clock.instant(), message));
        return Answers.analyst();
    }

    synchronized Response comments(Call call) {
        String event = call.query("incident_id").orElse("");
        ObjectNode answer = Answers.JSON.objectNode();
        ArrayNode list = answer.putArray("comments");
        for (Comment comment : comments(event)) {
            list.addObject()
                    .put("username", comment.username())
                    .put("time", comment.at().toEpochMilli())
                    .put("incident_id", event)
                    .put("message", comment.message());
        }
        return Response.json(200, answer);
    }

    synchronized List<Comment> comments(String event) {
        return comments.stream().filter(comment -> comment.on().equals(event)).toList();
    }

    synchronized ObjectNode storedEvent(String id) {
        return Objects.requireNonNull(events.get(id), id).deepCopy();
    }

    Response acknowledge(Call call) {
        return change(call, event -> event.put("acknowledged", true));
    }

    Response unacknowledge(Call call) {
        return change(call, event -> event.put("acknowledged", false));
    }

    Response pin(Call call) {
        return change(call, event -> event.put("pinned", true));
    }

    Response unpin(Call call) {
        return change(call, event -> event.put("pinned", false));
    }

    private synchronized Response change(Call call, Consumer<ObjectNode> change) {
        List<ObjectNode> chosen = Arrays.stream(
                        call.request().form("uuid").orElse("").split(","))
                .map(events::get)
                .filter(Objects::nonNull)
                .toList();
        if (chosen.isEmpty()) {
            return Answers.wrong("uuid is required");
        }
        chosen.forEach(change);
        return Answers.analyst();
    }

    synchronized Response investigate(Call call) {
        JsonNode json = call.json();
        if (!json.path("did").isNumber() || !json.has("investigateTime")) {
            return Answers.wrong("investigateTime and did are required");
        }
        investigations.add(Answers.JSON
                .objectNode()
                .put("investigationId", UUID.randomUUID().toString())
                .put("did", json.path("did").asLong())
                .put("investigateTime", json.path("investigateTime").asText())
                .put("state", "PENDING"));
        return Answers.analyst();
    }

    synchronized Response investigations(Call call) {
        return Answers.list(investigations);
    }
}
