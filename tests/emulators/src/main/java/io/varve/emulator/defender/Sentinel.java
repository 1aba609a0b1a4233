package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Microsoft Sentinel's incidents through Azure Resource Manager, api-version 2024-03-01.
final class Sentinel {
    private static final String INCIDENTS =
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/"
                    + "{workspace}/providers/Microsoft.SecurityInsights/incidents";
    private static final String ONE = INCIDENTS + "/{id}";
    private static final int PAGE = 50;
    private static final String READER = "Microsoft Sentinel Reader";
    private static final String RESPONDER = "Microsoft Sentinel Responder";

    /// One incident with what belongs to it.
    private record Incident(
            ObjectNode body, List<JsonNode> alerts, List<JsonNode> entities, Map<String, ObjectNode> comments) {}

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Map<String, Incident> incidents = new LinkedHashMap<>();

    Sentinel(Clock clock, Entra entra, Supplier<URI> base) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
    }

    void routes(Routes routes) {
        on(routes, "GET", INCIDENTS, READER, this::list);
        on(routes, "GET", ONE, READER, this::incident);
        on(routes, "POST", ONE + "/alerts", READER, this::alerts);
        on(routes, "POST", ONE + "/entities", READER, this::entities);
        on(routes, "GET", ONE + "/comments", READER, this::comments);
        on(routes, "PUT", ONE + "/comments/{comment}", RESPONDER, this::comment);
    }

    private void on(Routes routes, String method, String path, String role, Handler handler) {
        routes.on(method, path, call -> {
            entra.require(call, Resource.AZURE, role, RESPONDER);
            if (call.query("api-version").isEmpty()) {
                throw Refused.of(400, "MissingApiVersionParameter", "The api-version query parameter is required");
            }
            synchronized (this) {
                return handler.answer(call);
            }
        });
    }

    synchronized void add(JsonNode incident, List<? extends JsonNode> alerts, List<? extends JsonNode> entities) {
        String id = incident.path("name").asText();
        incidents.put(
                id,
                new Incident(incident.deepCopy(), List.copyOf(alerts), List.copyOf(entities), new LinkedHashMap<>()));
    }

    /// The messages of the incident's comments, oldest first.
    synchronized List<String> messages(String id) {
        Incident incident = incidents.get(id);
        return incident == null
                ? List.of()
                : incident.comments().values().stream()
                        .map(comment -> comment.at("/properties/message").asText())
                        .toList();
    }

    private Incident found(Call call) {
        Incident incident = incidents.get(call.variable("id"));
        if (incident == null) {
            throw Refused.of(404, "NotFound", "Incident '" + call.variable("id") + "' was not found");
        }
        return incident;
    }

    /// Azure's lists go on with `nextLink`, without the OData prefix.
    private Response list(Call call) {
        List<ObjectNode> rows = ODataPage.filtered(
                call, incidents.values().stream().map(Incident::body).toList(), Set.of("properties", "name"));
        ObjectNode page = ODataPage.of(call, base.get(), "", rows, PAGE);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("value", page.path("value"));
        if (page.has("@odata.nextLink")) {
            answer.set("nextLink", page.path("@odata.nextLink"));
        }
        return Response.json(200, answer);
    }

    private Response incident(Call call) {
        return Response.json(200, found(call).body());
    }

    private Response alerts(Call call) {
        return Response.json(200, listed("value", found(call).alerts()));
    }

    private Response entities(Call call) {
        List<JsonNode> entities = found(call).entities();
        ObjectNode answer = listed("entities", entities);
        var counts = new TreeMap<String, Integer>();
        entities.forEach(entity -> counts.merge(entity.path("kind").asText(), 1, Integer::sum));
        ArrayNode metadata = answer.putArray("metaData");
        counts.forEach((kind, count) -> metadata.addObject().put("count", count).put("entityKind", kind));
        return Response.json(200, answer);
    }

    private Response comments(Call call) {
        return Response.json(200, listed("value", found(call).comments().values()));
    }

    private Response comment(Call call) {
        Incident incident = found(call);
        String message = call.json().at("/properties/message").asText();
        if (message.isBlank() || message.length() > 30_000) {
            throw Refused.of(400, "BadRequest", "properties.message is required and at most 30000 long");
        }
        String id = call.variable("comment");
        boolean isNew = !incident.comments().containsKey(id);
        ObjectNode comment = JsonNodeFactory.instance
                .objectNode()
                .put("id", call.path())
                .put("name", id)
                .put("type", "Microsoft.SecurityInsights/incidents/comments");
        comment.putObject("properties")
                .put("message", message)
                .put("createdTimeUtc", clock.instant().toString())
                .put("lastModifiedTimeUtc", clock.instant().toString())
                .putObject("author")
                .put("name", call.caller());
        incident.comments().put(id, comment);
        return Response.json(isNew ? 201 : 200, comment);
    }

    private static ObjectNode listed(String name, Iterable<? extends JsonNode> rows) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode array = answer.putArray(name);
        rows.forEach(array::add);
        return answer;
    }
}
