package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Microsoft Graph security: `alerts_v2` and `incidents`, newest first, and comments on both.
final class Graph {
    private static final Set<String> ALERT_FILTERS = Set.of(
            "assignedTo",
            "classification",
            "determination",
            "createdDateTime",
            "lastUpdateDateTime",
            "severity",
            "serviceSource",
            "status");
    private static final Set<String> INCIDENT_FILTERS = Set.of(
            "assignedTo",
            "classification",
            "createdDateTime",
            "determination",
            "lastUpdateDateTime",
            "severity",
            "status");

    /// Other values of `serviceSource` are `unknownFutureValue` unless the caller prefers to see them.
    private static final Set<String> KNOWN_SERVICES = Set.of(
            "unknown",
            "microsoftDefenderForEndpoint",
            "microsoftDefenderForIdentity",
            "microsoftDefenderForCloudApps",
            "microsoftDefenderForOffice365",
            "microsoft365Defender",
            "azureAdIdentityProtection",
            "microsoftAppGovernance",
            "dataLossPrevention");

    private static final String METADATA = "https://graph.microsoft.com/v1.0/$metadata#security/";

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Behaviour behaviour;
    private final Map<String, ObjectNode> alerts = new LinkedHashMap<>();
    private final Map<String, ObjectNode> incidents = new LinkedHashMap<>();

    Graph(Clock clock, Entra entra, Supplier<URI> base, Behaviour behaviour) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
    }

    void routes(Routes routes) {
        routes.on("GET", "/v1.0/security/alerts_v2", this::listAlerts);
        routes.on("GET", "/v1.0/security/alerts_v2/{id}", this::oneAlert);
        routes.on("POST", "/v1.0/security/alerts_v2/{id}/comments", this::commentAlert);
        routes.on("GET", "/v1.0/security/incidents", this::listIncidents);
        routes.on("GET", "/v1.0/security/incidents/{id}", this::oneIncident);
        routes.on("POST", "/v1.0/security/incidents/{id}/comments", this::commentIncident);
    }

    synchronized void addAlert(JsonNode alert) {
        alerts.put(alert.path("id").asText(), alert.deepCopy());
    }

    synchronized void addIncident(JsonNode incident) {
        incidents.put(incident.path("id").asText(), incident.deepCopy());
    }

    synchronized Optional<JsonNode> alert(String id) {
        return Optional.ofNullable(alerts.get(id)).map(ObjectNode::deepCopy);
    }

    synchronized Optional<JsonNode> incident(String id) {
        return Optional.ofNullable(incidents.get(id)).map(ObjectNode::deepCopy);
    }

    private synchronized Response listAlerts(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All");
        List<ObjectNode> rows = ODataPage.filtered(call, newest(alerts), ALERT_FILTERS);
        return Response.json(
                200,
                ODataPage.of(
                        call,
                        base.get(),
                        METADATA + "alerts_v2",
                        rows,
                        behaviour.graphPage,
                        alert -> shown(call, alert)));
    }

    private synchronized Response oneAlert(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All");
        return Response.json(
                200, shown(call, found(alerts, call)).put("@odata.context", METADATA + "alerts_v2/$entity"));
    }

    private synchronized Response listIncidents(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All");
        List<ObjectNode> rows = ODataPage.filtered(call, newest(incidents), INCIDENT_FILTERS);
        return Response.json(
                200,
                ODataPage.of(
                        call,
                        base.get(),
                        METADATA + "incidents",
                        rows,
                        behaviour.graphPage,
                        incident -> expanded(call, incident)));
    }

    private synchronized Response oneIncident(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All");
        return Response.json(200, expanded(call, found(incidents, call)));
    }

    private synchronized Response commentAlert(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityAlert.ReadWrite.All");
        return comment(call, found(alerts, call), "alertComment");
    }

    private synchronized Response commentIncident(Call call) {
        entra.require(call, Resource.GRAPH, "SecurityIncident.ReadWrite.All");
        return comment(call, found(incidents, call), "alertComment");
    }

    private Response comment(Call call, ObjectNode row, String type) {
        String text = call.json().path("comment").asText();
        if (text.isBlank()) {
            throw Refused.badRequest("comment is required");
        }
        row.withArray("/comments")
                .addObject()
                .put("@odata.type", "#microsoft.graph.security." + type)
                .put("comment", text)
                .put("createdByDisplayName", call.caller())
                .put("createdDateTime", clock.instant().toString());
        row.put("lastUpdateDateTime", clock.instant().toString());
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("@odata.context", METADATA + "comments");
        answer.set("value", row.path("comments").deepCopy());
        return Response.json(200, answer);
    }

    private static ObjectNode found(Map<String, ObjectNode> rows, Call call) {
        ObjectNode row = rows.get(call.variable("id"));
        if (row == null) {
            throw Refused.of(404, "ResourceNotFound", "The requested resource was not found");
        }
        return row;
    }

    private static ObjectNode shown(Call call, ObjectNode alert) {
        ObjectNode row = alert.deepCopy();
        boolean all = call.request().header("Prefer").orElse("").contains("include-unknown-enum-members");
        if (!all
                && row.has("serviceSource")
                && !KNOWN_SERVICES.contains(row.path("serviceSource").asText())) {
            row.put("serviceSource", "unknownFutureValue");
        }
        return row;
    }

    private ObjectNode expanded(Call call, ObjectNode incident) {
        ObjectNode row = incident.deepCopy();
        row.remove("alerts");
        if (call.query("$expand").orElse("").equals("alerts")) {
            var own = row.putArray("alerts");
            String id = incident.path("id").asText();
            alerts.values().stream()
                    .filter(alert -> alert.path("incidentId").asText().equals(id))
                    .forEach(alert -> own.add(shown(call, alert)));
        }
        return row;
    }

    private static List<ObjectNode> newest(Map<String, ObjectNode> rows) {
        var sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparing(
                        (ObjectNode row) -> row.path("createdDateTime").asText())
                .reversed());
        return sorted;
    }
}
