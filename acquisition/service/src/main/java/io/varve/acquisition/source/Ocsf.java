package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// OCSF findings, versions 1.0 to 1.9: detections (2004), the older security findings (2001) and incidents (2005).
/// Vulnerabilities, compliance and data security findings are read too, but are no worse than low. Times come as
/// numbers, and as text in members ending in `_dt`.
final class Ocsf implements AlertSource {
    private static final int FINDINGS = 2;

    @Override
    public String name() {
        return "ocsf";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        return Wrapped.in(objects, "findings", "events");
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var finding = new Fields(event);
        long type = finding.integer("class_uid").orElse(0L);
        if (type / 1000 != FINDINGS && !finding.isObject("finding_info") && !finding.isObject("finding")) {
            throw new UnreadableAlertException(
                    type == 0 ? "not an OCSF finding: no class" : "not an alert: OCSF class " + type);
        }
        Fields info = finding.isObject("finding_info") ? finding.object("finding_info") : finding.object("finding");
        Optional<String> message = finding.text("message");
        var draft = new Draft(event, received)
                .id(info.name("uid").or(() -> finding.name("incident_uid", "metadata.uid")))
                .group(info.name("group_uid", "related_incident_uid"))
                .url(info.text("src_url").or(() -> finding.text("src_url")))
                .updated(info.time("modified_time_dt", "modified_time")
                        .or(() -> finding.time("metadata.modified_time_dt", "metadata.modified_time")))
                .title(info.name("title").or(() -> message))
                .description(info.text("desc").or(() -> finding.text("desc")).or(() -> message))
                .category(finding.name("class_name").or(() -> category(type)))
                .severity(severity(finding, type))
                .status(finding.name("status", "state"))
                .seen(first(finding, info), last(finding, info));
        OcsfEntities.read(finding, info, draft);
        return draft.alert("OCSF finding");
    }

    private static Optional<String> category(long type) {
        return type == 0 ? Optional.empty() : Optional.of("OCSF class " + type);
    }

    private static Optional<Severity> severity(Fields finding, long type) {
        Optional<Severity> stated = finding.integer("severity_id")
                .flatMap(Ocsf::severity)
                .or(() -> finding.name("severity").flatMap(Severity::named));
        boolean detection = type != 2002 && type != 2003 && type != 2006 && type != 2007;
        return detection ? stated : Optional.of(stated.orElse(Severity.UNKNOWN).atMostLow());
    }

    private static Optional<Severity> severity(long id) {
        return switch ((int) id) {
            case 1 -> Optional.of(new Severity(10, SeverityLabel.INFORMATIONAL));
            case 2 -> Optional.of(new Severity(30, SeverityLabel.LOW));
            case 3 -> Optional.of(new Severity(50, SeverityLabel.MEDIUM));
            case 4 -> Optional.of(new Severity(80, SeverityLabel.HIGH));
            case 5, 6 -> Optional.of(new Severity(95, SeverityLabel.CRITICAL));
            default -> Optional.empty();
        };
    }

    private static Optional<Instant> first(Fields finding, Fields info) {
        return info.time("first_seen_time_dt", "first_seen_time")
                .or(() -> finding.time("start_time_dt", "start_time"))
                .or(() -> info.time("created_time_dt", "created_time"))
                .or(() -> finding.time("time_dt", "time"));
    }

    private static Optional<Instant> last(Fields finding, Fields info) {
        return info.time("last_seen_time_dt", "last_seen_time")
                .or(() -> finding.time("end_time_dt", "end_time", "time_dt", "time"));
    }
}
