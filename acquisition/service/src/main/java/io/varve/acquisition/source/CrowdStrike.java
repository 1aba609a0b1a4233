package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// CrowdStrike Falcon: entities of the Alerts API, detections of the event stream and of the data replicator, and both
/// inside the body of a Fusion workflow. The same thing is called `cmdline` here and `CommandLine` there; every name is
/// tried on every form. Events of the stream that are no detections are refused as such.
final class CrowdStrike implements AlertSource {
    private static final String PREFIX = "Event_";

    /// Detections whose names do not end like the others'.
    private static final Set<String> DETECTIONS = Set.of("IdentityProtectionEvent", "CSPMIOAStreamingEvent");

    /// Where a Fusion workflow or a relay may have put the alert.
    private static final List<String> WRAPPERS = List.of("data", "detection", "alert", "trigger", "event", "body");

    private static final String[] IDS = {
        "composite_id", "DetectId", "detection_id", "IncidentID", "LeadId", "IdentityProtectionIncidentId"
    };

    @Override
    public String name() {
        return "crowdstrike";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        return Wrapped.in(objects, "resources");
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var whole = new Fields(event);
        Fields alert = alert(whole);
        var draft = new Draft(event, received)
                .id(alert.name(IDS))
                .group(alert.name("aggregate_id", "incident_id"))
                .url(alert.text("falcon_host_link"))
                .updated(alert.time("updated_timestamp", "SignalUpdatedTimestamp"))
                .title(title(alert))
                .description(alert.text("description", "DetectDescription", "IncidentDescription"))
                .category(category(alert))
                .severity(severity(alert))
                .status(alert.name("status", "State"))
                .seen(first(alert, whole), last(alert));
        CrowdStrikeEntities.read(alert, draft);
        return draft.alert("CrowdStrike detection");
    }

    /// The detection itself, out of its envelope.
    private static Fields alert(Fields whole) throws UnreadableAlertException {
        if (whole.has("metadata.eventType") && whole.isObject("event")) {
            return ofType(whole.name("metadata.eventType").orElse(""), whole.object("event"));
        }
        for (Fields replicated :
                List.of(whole, whole.object("event"), whole.object("unknown_payload"), whole.object("event.event"))) {
            Optional<String> type = replicated.name("ExternalApiType");
            if (type.isPresent()) {
                return ofType(type.get(), replicated);
            }
        }
        if (isAlert(whole)) {
            return whole;
        }
        for (String wrapper : WRAPPERS) {
            if (whole.isObject(wrapper) && isAlert(whole.object(wrapper))) {
                return whole.object(wrapper);
            }
        }
        throw new UnreadableAlertException("not a CrowdStrike alert or detection event");
    }

    private static Fields ofType(String eventType, Fields event) throws UnreadableAlertException {
        String type = eventType.startsWith(PREFIX) ? eventType.substring(PREFIX.length()) : eventType;
        if (type.endsWith("SummaryEvent") || DETECTIONS.contains(type)) {
            return event;
        }
        throw new UnreadableAlertException("not an alert: CrowdStrike event " + type);
    }

    private static boolean isAlert(Fields fields) {
        return fields.name(IDS).isPresent()
                || fields.name("name", "display_name", "DetectName").isPresent() && fields.has("severity");
    }

    private static Optional<String> title(Fields alert) {
        return alert.name("display_name", "DetectName", "name", "IncidentType")
                .filter(text -> !text.matches("\\d+"))
                .or(() -> alert.list("behaviors").stream()
                        .flatMap(behavior -> behavior.name("display_name", "scenario").stream())
                        .findFirst());
    }

    private static Optional<String> category(Fields alert) {
        String text = String.join(
                " ",
                Stream.of(alert.name("product"), alert.name("type"), alert.name("scenario", "objective"))
                        .flatMap(Optional::stream)
                        .toList());
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /// The name decides, the number says where in its band. Older events count from 1 to 5. An incident's score runs
    /// from 0 to 10 in the console and to 100 elsewhere.
    private static Optional<Severity> severity(Fields alert) {
        Optional<Double> number = alert.number("severity").or(() -> worstBehavior(alert));
        Optional<Severity> named =
                alert.name("severity_name", "max_severity_displayname").flatMap(CrowdStrike::named);
        if (named.isPresent()) {
            return Optional.of(number.map(Severity::of)
                    .filter(exact -> exact.label() == named.get().label())
                    .orElse(named.get()));
        }
        if (number.isPresent()) {
            return Optional.of(number.get() <= 5 ? ofFive(number.get()) : Severity.of(number.get()));
        }
        return alert.number("FineScore")
                .map(score -> Severity.of(score <= 10 ? score * 10 : score))
                .or(() -> alert.number("score").map(Severity::of));
    }

    private static Optional<Double> worstBehavior(Fields alert) {
        return alert.list("behaviors").stream()
                .flatMap(behavior -> behavior.number("severity").stream())
                .max(Comparator.naturalOrder());
    }

    private static Severity ofFive(double number) {
        return switch ((int) number) {
            case 2 -> new Severity(30, SeverityLabel.LOW);
            case 3 -> new Severity(50, SeverityLabel.MEDIUM);
            case 4 -> new Severity(70, SeverityLabel.HIGH);
            case 5 -> new Severity(90, SeverityLabel.CRITICAL);
            default -> new Severity(10, SeverityLabel.INFORMATIONAL);
        };
    }

    private static Optional<Severity> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "informational", "info" -> Optional.of(ofFive(1));
            case "low" -> Optional.of(ofFive(2));
            case "medium" -> Optional.of(ofFive(3));
            case "high" -> Optional.of(ofFive(4));
            case "critical" -> Optional.of(ofFive(5));
            default -> Optional.empty();
        };
    }

    private static Optional<Instant> first(Fields alert, Fields whole) {
        return alert.time(
                        "start_time",
                        "StartTimeEpoch",
                        "IncidentStartTime",
                        "SignalStartTimestamp",
                        "first_behavior",
                        "context_timestamp",
                        "ProcessStartTime",
                        "timestamp",
                        "UTCTimestamp",
                        "created_timestamp")
                .or(() -> whole.time("metadata.eventCreationTime", "updated_timestamp"));
    }

    private static Optional<Instant> last(Fields alert) {
        return alert.time(
                "end_time",
                "EndTimeEpoch",
                "IncidentEndTime",
                "SignalEndTimestamp",
                "last_behavior",
                "timestamp",
                "UTCTimestamp");
    }
}
