package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Google Security Command Center: findings of both API versions in Pub/Sub messages (pushed or pulled), in a list's
/// answer, bare, and as the log entries Event Threat Detection writes. Only threats are detections; whatever other
/// class
/// a finding has, it is no worse than low.
final class Scc implements AlertSource {
    private static final Set<String> DETECTIONS = Set.of("THREAT", "TOXIC_COMBINATION");

    @Override
    public String name() {
        return "scc";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) throws UnreadableAlertException {
        var events = new ArrayList<JsonNode>();
        for (JsonNode object : Wrapped.in(objects, "receivedMessages", "listFindingsResults", "findings")) {
            JsonNode data = object.path("message").path("data");
            events.add(data.isTextual() ? decoded(data.asText()) : object);
        }
        return events;
    }

    private static JsonNode decoded(String data) throws UnreadableAlertException {
        try {
            String text = new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
            return AlertBody.nested(text)
                    .filter(JsonNode::isObject)
                    .orElseThrow(() -> new UnreadableAlertException("a Pub/Sub message without a JSON object in it"));
        } catch (IllegalArgumentException e) {
            throw new UnreadableAlertException("a Pub/Sub message whose data is not base64", e);
        }
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var whole = new Fields(event);
        Fields finding = finding(whole);
        if (!finding.has("name") && !finding.has("category") && !finding.has("sourceProperties")) {
            throw new UnreadableAlertException("not a Security Command Center finding: neither name nor category");
        }
        String kind = kind(finding);
        var draft = new Draft(event, received)
                .id(finding.name("canonicalName", "name"))
                .url(finding.text("externalUri"))
                .revision(finding.name("eventTime").map(time -> time + " " + state(finding)))
                .title(finding.name("category"))
                .description(finding.text("description", "sourceProperties.Explanation"))
                .category(Optional.of(kind.toLowerCase(Locale.ROOT).replace('_', ' ')))
                .severity(severity(finding, kind))
                .status(finding.name("state"))
                .seen(finding.time("eventTime", "createTime").or(() -> whole.time("timestamp")), Optional.empty());
        SccEntities.read(finding, whole.object("resource"), draft);
        return draft.alert("Google Cloud finding");
    }

    private static Fields finding(Fields whole) {
        if (whole.isObject("jsonPayload")) {
            return ofLog(whole.object("jsonPayload"));
        }
        return whole.isObject("finding") ? whole.object("finding") : whole;
    }

    private static String state(Fields finding) {
        return finding.name("state").orElse("");
    }

    /// A log entry says what a finding's source properties say.
    private static Fields ofLog(Fields payload) {
        ObjectNode finding = JsonNodeFactory.instance.objectNode();
        payload.name("detectionCategory.ruleName").ifPresent(rule -> finding.put("category", rule));
        finding.set("sourceProperties", payload.node());
        return new Fields(finding);
    }

    /// Old findings have no class: those with a rule are threats, those of a scanner misconfigurations.
    private static String kind(Fields finding) {
        return finding.name("findingClass")
                .filter(kind -> !kind.endsWith("UNSPECIFIED"))
                .map(kind -> kind.toUpperCase(Locale.ROOT))
                .orElseGet(() -> finding.has("sourceProperties.ScannerName") ? "MISCONFIGURATION" : "THREAT");
    }

    private static Optional<Severity> severity(Fields finding, String kind) {
        Optional<Severity> stated = finding.name(
                        "severity", "sourceProperties.detectionPriority", "sourceProperties.SeverityLevel")
                .flatMap(Severity::named);
        return DETECTIONS.contains(kind)
                ? stated
                : Optional.of(stated.orElse(Severity.UNKNOWN).atMostLow());
    }
}
