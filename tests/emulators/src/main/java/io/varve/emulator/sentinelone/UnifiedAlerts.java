package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Unified alert management by GraphQL: `alerts`, `alert`, `alertNotes`, `addAlertNote`. Arguments may stand in the
/// query or in its variables; answers hold all fields, also those that were not asked for.
final class UnifiedAlerts {
    private static final String PATH = SentinelOneEmulator.BASE + "/unifiedalerts/graphql";
    private static final Pattern OPERATION = Pattern.compile(
            "\\b(addAlertNote|alertTriggerActions|alertNotes|alertWithRawIndicators|alerts|alert)\\s*[({]");
    private static final int LONGEST_QUERY = 100_000;

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Map<String, ObjectNode> alerts = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> notes = new LinkedHashMap<>();

    UnifiedAlerts(Clock clock, Gate gate, Ids ids) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
    }

    void routes(Routes routes) {
        routes.on("POST", PATH, this::answer);
    }

    synchronized void add(JsonNode alert) {
        alerts.put(alert.path("id").asText(), alert.deepCopy());
    }

    synchronized List<String> noteTexts(String alert) {
        return notes.getOrDefault(alert, List.of()).stream()
                .map(note -> note.path("text").asText())
                .toList();
    }

    private synchronized Response answer(Call call) {
        String query = call.json().path("query").asText();
        if (query.isEmpty() || query.length() > LONGEST_QUERY) {
            throw Refused.invalid("query: Missing data for required field");
        }
        Matcher operation = OPERATION.matcher(query.substring(query.indexOf('{') + 1));
        if (!operation.find()) {
            throw Refused.invalid("query: Unknown operation");
        }
        String name = operation.group(1);
        if (name.equals("alertTriggerActions")) {
            call.containment("alert actions");
        }
        gate.require(
                call,
                name.startsWith("a") && query.contains("mutation") ? "Unified Alerts.manage" : "Unified Alerts.view");
        var arguments = new Arguments(query, call.json().path("variables"));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode data = body.putObject("data");
        switch (name) {
            case "alerts" -> data.set("alerts", list(arguments));
            case "alertNotes" ->
                data.putObject("alertNotes").set("data", array(notes.getOrDefault(alertId(arguments), List.of())));
            case "addAlertNote" -> data.putObject("addAlertNote").set("data", addNote(call, arguments));
            case "alertTriggerActions" -> data.putObject("alertTriggerActions").put("success", true);
            default -> data.set(name, alerts.get(alertId(arguments)));
        }
        return Response.json(200, body);
    }

    /// Arguments by name, from the variables or from literals in the query.
    private record Arguments(String query, JsonNode variables) {
        Optional<String> text(String name) {
            if (variables.path(name).isValueNode()) {
                return Optional.of(variables.path(name).asText());
            }
            Matcher literal = Pattern.compile("\\b" + name + "\\s*:\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\w+))")
                    .matcher(query);
            if (!literal.find()) {
                return Optional.empty();
            }
            return Optional.of(literal.group(1) == null ? literal.group(2) : literal.group(1));
        }

        int number(String name, int otherwise) {
            String text = text(name).orElse("");
            return text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
        }

        JsonNode filters() {
            return variables.path("filters");
        }
    }

    /// Every filter must let the alert through: one of the values it names, or a time inside its range of milliseconds.
    private static boolean fits(ObjectNode alert, JsonNode filters) {
        for (JsonNode filter : filters) {
            JsonNode value = alert.path(filter.path("fieldId").asText());
            var wanted = new ArrayList<String>();
            filter.findValues("values").forEach(all -> all.forEach(one -> wanted.add(one.asText())));
            filter.findValues("value").forEach(one -> wanted.add(one.asText()));
            if (!wanted.isEmpty() && !wanted.contains(value.asText())) {
                return false;
            }
            if (filter.has("dateRange") && !inside(value.asText(), filter.path("dateRange"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean inside(String time, JsonNode range) {
        try {
            long at = Instant.parse(time).toEpochMilli();
            return at >= range.path("from").asLong(Long.MIN_VALUE)
                    && at <= range.path("to").asLong(Long.MAX_VALUE);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String alertId(Arguments arguments) {
        return arguments.text("id").or(() -> arguments.text("alertId")).orElse("");
    }

    /// A status that does not exist gives no rows and no error, as on the console.
    private ObjectNode list(Arguments arguments) {
        List<ObjectNode> fitting = alerts.values().stream()
                .filter(alert -> fits(alert, arguments.filters()))
                .toList();
        int from = arguments.number("after", 0);
        int first = Math.min(arguments.number("first", 50), 500);
        List<ObjectNode> page = fitting.stream().skip(from).limit(first).toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("totalCount", fitting.size());
        ArrayNode edges = answer.putArray("edges");
        int at = from;
        for (ObjectNode alert : page) {
            edges.addObject().put("cursor", Integer.toString(++at)).set("node", alert);
        }
        answer.putObject("pageInfo")
                .put("hasNextPage", at < fitting.size())
                .put("endCursor", page.isEmpty() ? null : Integer.toString(at));
        return answer;
    }

    private ObjectNode addNote(Call call, Arguments arguments) {
        String alert = arguments.text("alertId").or(() -> arguments.text("id")).orElse("");
        String text = arguments.text("text").orElse("");
        ObjectNode known = alerts.get(alert);
        if (known == null || text.isBlank()) {
            throw Refused.invalid("alertId and text are required");
        }
        known.put("noteExists", true);
        ObjectNode note = JsonNodeFactory.instance
                .objectNode()
                .put("id", ids.next())
                .put("alertId", alert)
                .put("text", text)
                .put("createdAt", clock.instant().toString());
        note.putObject("author").put("fullName", call.caller());
        notes.computeIfAbsent(alert, any -> new ArrayList<>()).add(note);
        return note;
    }

    private static ArrayNode array(List<ObjectNode> rows) {
        return JsonNodeFactory.instance.arrayNode().addAll(rows);
    }
}
