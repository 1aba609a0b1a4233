package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Microsoft Defender for Endpoint: alerts of its own API with their evidence, and the alert records of the streaming
/// API. Records of one alert that arrive in one body are read together.
final class Defender implements AlertSource {
    static final String AGENT = "mde";

    @Override
    public String name() {
        return "defender";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        return joined(Wrapped.in(objects, "value", "records"));
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var alert = new Fields(event);
        if (alert.name("category").filter(DefenderStream::isRecord).isPresent()) {
            return DefenderStream.read(event, received);
        }
        if (!isAlert(alert)) {
            throw new UnreadableAlertException("not a Defender alert: neither title, category nor evidence");
        }
        var draft = new Draft(event, received)
                .id(alert.name("id", "alertId"))
                .group(alert.name("incidentId"))
                .url(alert.text("alertUrl", "alertWebUrl"))
                .updated(alert.time("lastUpdateTime"))
                .title(alert.name("title"))
                .description(alert.text("description"))
                .category(alert.name("category"))
                .severity(alert.name("severity").flatMap(Severity::named))
                .status(alert.name("status"))
                .seen(alert.time("firstEventTime", "alertCreationTime"), alert.time("lastEventTime"));
        draft.host(new HostDraft().name(alert.name("computerDnsName")).agent(AGENT, alert.name("machineId")));
        draft.user(alert.name("relatedUser.userName"), alert.name("relatedUser.domainName"));
        alert.list("evidence").forEach(evidence -> evidence(evidence, draft));
        draft.found().techniques(alert.texts("mitreTechniques"));
        alert.name("category").ifPresent(tactic -> draft.found().knownTactics(List.of(tactic)));
        return draft.alert("Defender alert");
    }

    private static boolean isAlert(Fields alert) {
        return alert.has("title")
                || alert.has("alertCreationTime")
                || alert.has("evidence")
                || alert.has("detectionSource");
    }

    private static void evidence(Fields evidence, Draft draft) {
        Indicators found = draft.found();
        Optional<String> name = evidence.name("fileName");
        switch (evidence.name("entityType").orElse("")) {
            case "Process" -> draft.process(process(evidence));
            case "File" -> found.file(FilePaths.whole(evidence.text("filePath"), name), name, evidence.hashes());
            case "Ip" -> found.remote(evidence.name("ipAddress").filter(Names::isAddress), Optional.empty());
            case "Url" -> found.url(evidence.text("url"));
            case "User" -> draft.user(evidence.name("accountName"), evidence.name("domainName"));
            default -> {
                // registry keys, mailboxes and kinds we do not know stay in the raw alert
            }
        }
    }

    private static Process process(Fields evidence) {
        Optional<Process> parent = evidence.name("parentProcessFileName")
                .map(name -> new Process(
                        FilePaths.whole(evidence.text("parentProcessFilePath"), Optional.of(name)),
                        Optional.empty(),
                        evidence.integer("parentProcessId"),
                        evidence.time("parentProcessCreationTime"),
                        Map.of()));
        return new Process(
                FilePaths.whole(evidence.text("filePath"), evidence.name("fileName")),
                evidence.text("processCommandLine"),
                evidence.integer("processId"),
                evidence.time("processCreationTime"),
                evidence.hashes(),
                evidence.name("accountName"),
                parent);
    }

    /// Streamed records of the same alert become one object that holds them all.
    private static List<JsonNode> joined(List<JsonNode> objects) {
        var events = new ArrayList<JsonNode>();
        var streamed = new LinkedHashMap<String, ArrayNode>();
        for (JsonNode object : objects) {
            Optional<String> alert = DefenderStream.alertOf(object);
            if (alert.isEmpty()) {
                events.add(object);
                continue;
            }
            streamed.computeIfAbsent(alert.get(), id -> JsonNodeFactory.instance.arrayNode())
                    .add(object);
        }
        for (ArrayNode records : streamed.values()) {
            events.add(records.size() == 1 ? records.path(0) : together(records));
        }
        return events;
    }

    private static ObjectNode together(ArrayNode records) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("category", DefenderStream.JOINED);
        event.set(DefenderStream.TOGETHER, records);
        return event;
    }
}
