package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Microsoft Sentinel: incidents as the REST API, an automation rule's playbook or the Python SDK write them, and the
/// alerts of an incident. An incident is one alert: its entities belong to all of its alerts.
final class Sentinel implements AlertSource {
    @Override
    public String name() {
        return "sentinel";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        return Wrapped.in(objects, "value");
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var whole = new Fields(event);
        Fields resource = whole.isObject("object") ? whole.object("object") : whole;
        Fields incident = resource.isObject("properties") ? resource.object("properties") : resource;
        if (incident.has("systemAlertId") || incident.has("alertDisplayName")) {
            return alert(event, resource, incident, received);
        }
        if (!incident.has("title") && !incident.has("incidentNumber")) {
            throw new UnreadableAlertException("not a Sentinel incident or alert: neither title nor number");
        }
        var draft = new Draft(event, received)
                .id(resource.name("name").or(() -> resource.name("id")))
                .group(resource.name("name").or(() -> incident.name("incidentNumber")))
                .url(incident.text("incidentUrl"))
                .updated(incident.time("lastModifiedTimeUtc"))
                .title(incident.name("title"))
                .description(incident.text("description"))
                .category(products(incident))
                .severity(incident.name("severity").flatMap(Severity::named))
                .status(incident.name("status"))
                .seen(incident.time("firstActivityTimeUtc", "createdTimeUtc"), incident.time("lastActivityTimeUtc"));
        SentinelEntities.read(incident.list("relatedEntities"), draft);
        draft.found().techniques(incident.texts("additionalData.techniques"));
        draft.found().knownTactics(incident.texts("additionalData.tactics"));
        for (Fields alert : incident.list("alerts")) {
            draft.found().techniques(alert.texts("properties.techniques"));
            draft.found().knownTactics(alert.texts("properties.tactics"));
            SentinelEntities.ofAlert(alert.object("properties"), draft);
        }
        return draft.alert("Sentinel incident");
    }

    private static NormalisedAlert alert(JsonNode event, Fields resource, Fields alert, Instant received) {
        var draft = new Draft(event, received)
                .id(alert.name("systemAlertId").or(() -> resource.name("name")))
                .url(alert.text("alertLink"))
                .updated(alert.time("processingEndTime"))
                .title(alert.name("alertDisplayName", "friendlyName"))
                .description(alert.text("description"))
                .category(alert.name("productName", "alertType"))
                .severity(alert.name("severity", "alertSeverity").flatMap(Severity::named))
                .status(alert.name("status"))
                .seen(alert.time("startTimeUtc", "startTime", "timeGenerated"), alert.time("endTimeUtc", "endTime"));
        SentinelEntities.ofAlert(alert, draft);
        draft.found().techniques(alert.texts("techniques"));
        draft.found().knownTactics(alert.texts("tactics"));
        return draft.alert("Sentinel alert");
    }

    private static Optional<String> products(Fields incident) {
        List<String> products = incident.texts("additionalData.alertProductNames");
        return products.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", products));
    }
}
