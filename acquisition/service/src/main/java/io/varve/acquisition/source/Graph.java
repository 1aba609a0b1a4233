package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Microsoft Graph security: alerts (`alerts_v2`) and incidents. An incident that came with its alerts is these alerts;
/// one without is an alert of its own.
final class Graph implements AlertSource {
    @Override
    public String name() {
        return "graph";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        var events = new ArrayList<JsonNode>();
        for (JsonNode object : Wrapped.in(objects, "value")) {
            List<JsonNode> alerts = Wrapped.inside(object, "alerts");
            alerts.forEach(alert -> events.add(ofIncident(alert, object)));
            if (alerts.isEmpty()) {
                events.add(object);
            }
        }
        return events;
    }

    /// The alert keeps what only its incident says.
    private static JsonNode ofIncident(JsonNode alert, JsonNode incident) {
        ObjectNode whole = alert.deepCopy();
        if (!whole.hasNonNull("incidentId") && incident.hasNonNull("id")) {
            whole.set("incidentId", incident.get("id"));
        }
        if (!whole.hasNonNull("incidentWebUrl") && incident.hasNonNull("incidentWebUrl")) {
            whole.set("incidentWebUrl", incident.get("incidentWebUrl"));
        }
        return whole;
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var alert = new Fields(event);
        if (!alert.has("title") && !alert.has("displayName") && !alert.has("evidence")) {
            throw new UnreadableAlertException("not a Graph alert or incident: neither title, name nor evidence");
        }
        boolean isIncident = isIncident(alert);
        var draft = new Draft(event, received)
                .id(isIncident ? alert.name("id").map(id -> "incident-" + id) : alert.name("id"))
                .group(alert.name("redirectIncidentId", "incidentId")
                        .or(() -> alert.name("id").filter(id -> isIncident)))
                .url(alert.text("alertWebUrl", "incidentWebUrl"))
                .updated(alert.time("lastUpdateDateTime"))
                .title(alert.name("title", "displayName"))
                .description(alert.text("description", "summary"))
                .category(alert.name("category", "serviceSource"))
                .severity(alert.name("severity").flatMap(Severity::named))
                .status(alert.name("status"))
                .seen(alert.time("firstActivityDateTime", "createdDateTime"), alert.time("lastActivityDateTime"));
        GraphEvidence.read(alert.list("evidence"), draft);
        draft.found().techniques(alert.texts("mitreTechniques"));
        draft.found().knownTactics(alert.texts("categories"));
        draft.found().knownTactics(alert.texts("category"));
        return draft.alert(isIncident ? "Microsoft incident" : "Microsoft alert");
    }

    private static boolean isIncident(Fields alert) {
        Optional<String> type = GraphEvidence.type(alert);
        return type.map("incident"::equals).orElseGet(() -> alert.has("displayName") && !alert.has("title"));
    }
}
