package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Alerts of Defender itself: `/api/alerts`. Evidence is only there when it is asked for, or in a single alert.
final class Alerts {
    private static final Set<String> FILTERS = Set.of(
            "alertCreationTime",
            "lastUpdateTime",
            "incidentId",
            "investigationId",
            "id",
            "assignedTo",
            "detectionSource",
            "lastEventTime",
            "status",
            "severity",
            "category");
    private static final Set<String> CHANGES =
            Set.of("status", "assignedTo", "classification", "determination", "comment");

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Rates rates;
    private final Map<String, ObjectNode> alerts = new LinkedHashMap<>();

    Alerts(Clock clock, Entra entra, Supplier<URI> base) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.rates = Rates.usual(clock);
    }

    void routes(Routes routes) {
        routes.on("GET", "/api/alerts", this::list);
        routes.on("GET", "/api/alerts/{id}", this::one);
        routes.on("PATCH", "/api/alerts/{id}", this::update);
    }

    synchronized void add(JsonNode alert) {
        alerts.put(alert.path("id").asText(), alert.deepCopy());
    }

    synchronized Optional<JsonNode> find(String id) {
        return Optional.ofNullable(alerts.get(id)).map(ObjectNode::deepCopy);
    }

    private synchronized Response list(Call call) {
        entra.require(call, Resource.DEFENDER, "Alert.Read.All", "Alert.ReadWrite.All");
        rates.take(call.caller());
        boolean expand = call.query("$expand").orElse("").equals("evidence");
        List<ObjectNode> rows = ODataPage.filtered(call, List.copyOf(alerts.values()), FILTERS);
        return Response.json(
                200,
                ODataPage.of(
                        call,
                        base.get(),
                        base.get() + "/api/$metadata#Alerts",
                        rows,
                        10_000,
                        row -> shown(row, expand)));
    }

    private static ObjectNode shown(ObjectNode alert, boolean withEvidence) {
        ObjectNode row = alert.deepCopy();
        if (!withEvidence) {
            row.putArray("evidence");
        }
        return row;
    }

    private synchronized Response one(Call call) {
        entra.require(call, Resource.DEFENDER, "Alert.Read.All", "Alert.ReadWrite.All");
        rates.take(call.caller());
        return Response.json(200, alert(call).deepCopy().put("@odata.context", context()));
    }

    private synchronized Response update(Call call) {
        entra.require(call, Resource.DEFENDER, "Alert.ReadWrite.All");
        rates.take(call.caller());
        ObjectNode alert = alert(call);
        if (!(call.json() instanceof ObjectNode change) || change.isEmpty()) {
            throw Refused.of(400, "InvalidRequestBody", "Request body is incorrect");
        }
        for (Map.Entry<String, JsonNode> entry : change.properties()) {
            if (!CHANGES.contains(entry.getKey())) {
                throw Refused.of(400, "InvalidRequestBody", "Property '" + entry.getKey() + "' cannot be updated");
            }
            if (entry.getKey().equals("comment")) {
                alert.withArray("/comments")
                        .addObject()
                        .put("comment", entry.getValue().asText())
                        .put("createdBy", call.caller())
                        .put("createdTime", clock.instant().toString());
            } else {
                alert.set(entry.getKey(), entry.getValue());
            }
        }
        alert.put("lastUpdateTime", clock.instant().toString());
        return Response.json(200, alert.deepCopy().put("@odata.context", context()));
    }

    private ObjectNode alert(Call call) {
        ObjectNode alert = alerts.get(call.variable("id"));
        if (alert == null) {
            throw Refused.notFound("Alert " + call.variable("id"));
        }
        return alert;
    }

    private String context() {
        return base.get() + "/api/$metadata#Alerts/$entity";
    }
}
