package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/// Detections of the tenant, and what was written back to them.
final class Alerts {
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<String, ObjectNode> alerts = new LinkedHashMap<>();
    private final Map<String, List<String>> comments = new LinkedHashMap<>();

    Alerts(Clock clock) {
        this.clock = clock;
    }

    /// An alert needs a `composite_id`.
    synchronized void add(ObjectNode alert) {
        String id = alert.path("composite_id").asText();
        if (id.isEmpty()) {
            throw new IllegalArgumentException("an alert without composite_id");
        }
        alerts.put(id, alert.deepCopy());
    }

    synchronized List<String> comments(String id) {
        return List.copyOf(comments.getOrDefault(id, List.of()));
    }

    synchronized ObjectNode alert(String id) {
        return Objects.requireNonNull(alerts.get(id), id).deepCopy();
    }

    synchronized Response query(Call call) {
        int limit = Hosts.number(call, "limit", 100);
        int offset = Hosts.number(call, "offset", 0);
        if (limit < 1 || offset < 0 || limit + (long) offset > MOST) {
            return Envelope.error(400, 400, "limit and offset together may be 10000 at most");
        }
        List<ObjectNode> all =
                matching(call.query("filter").orElse(""), call.query("sort").orElse(""));
        List<TextNode> ids = all.stream()
                .skip(offset)
                .limit(limit)
                .map(alert -> TextNode.valueOf(alert.path("composite_id").asText()))
                .toList();
        return Envelope.page(ids, Integer.toString(offset), limit, all.size());
    }

    synchronized Response entities(Call call) {
        var found = new ArrayList<ObjectNode>();
        for (JsonNode id : call.json().path("composite_ids")) {
            ObjectNode alert = alerts.get(id.asText());
            if (alert != null) {
                found.add(alert);
            }
        }
        return Envelope.resources(200, found);
    }

    synchronized Response combined(Call call) {
        JsonNode json = call.json();
        int limit = json.path("limit").asInt(100);
        String after = json.path("after").asText();
        if (limit < 1 || limit > 1000 || !after.matches("(after-[0-9]{1,9})?")) {
            return Envelope.error(400, 400, "invalid limit or after");
        }
        int from = after.isEmpty() ? 0 : Integer.parseInt(after.substring(6));
        List<ObjectNode> all =
                matching(json.path("filter").asText(), json.path("sort").asText());
        int to = Math.min(all.size(), from + limit);
        ObjectNode body = Envelope.wrap(all.subList(Math.min(from, to), to));
        ObjectNode pagination = body.withObject("/meta").putObject("pagination");
        pagination.put("total", all.size()).put("limit", limit);
        if (to < all.size()) {
            pagination.put("after", "after-" + to);
        }
        return Envelope.respond(200, body);
    }

    synchronized Response change(Call call) {
        var changed = new ArrayList<ObjectNode>();
        for (JsonNode id : call.json().path("composite_ids")) {
            ObjectNode alert = alerts.get(id.asText());
            if (alert == null) {
                return Envelope.error(404, 404, "alert not found");
            }
            for (JsonNode action : call.json().path("action_parameters")) {
                String name = action.path("name").asText();
                if (!apply(call, alert, name, action.path("value").asText())) {
                    return Envelope.error(400, 400, "invalid action parameter " + name);
                }
            }
            alert.put("updated_timestamp", clock.instant().toString());
            changed.add(alert);
        }
        return changed.isEmpty()
                ? Envelope.error(400, 400, "composite_ids are required")
                : Envelope.writes(200, changed.size());
    }

    private boolean apply(Call call, ObjectNode alert, String name, String value) {
        switch (name) {
            case "append_comment" -> {
                comments.computeIfAbsent(alert.path("composite_id").asText(), any -> new ArrayList<>())
                        .add(value);
                alert.withArray("comments")
                        .addObject()
                        .put("falcon_user_id", call.caller())
                        .put("timestamp", clock.instant().toString())
                        .put("value", value);
            }
            case "add_tag" -> alert.withArray("tags").add(value);
            case "remove_tag" -> alert.set("tags", without(alert.path("tags"), value));
            case "update_status" -> alert.put("status", value);
            case "assign_to_uuid", "assign_to_user_id", "assign_to_name" -> alert.put("assigned_to", value);
            case "show_in_ui" -> alert.put("show_in_ui", Boolean.parseBoolean(value));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static JsonNode without(JsonNode tags, String value) {
        var left = new ArrayList<String>();
        tags.forEach(tag -> left.add(tag.asText()));
        left.remove(value);
        return Envelope.texts(left);
    }

    private List<ObjectNode> matching(String filter, String sort) {
        Predicate<JsonNode> wanted = Fql.parse(filter);
        return alerts.values().stream().filter(wanted).sorted(Sorting.of(sort)).toList();
    }
}
