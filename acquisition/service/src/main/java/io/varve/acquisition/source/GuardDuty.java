package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// AWS GuardDuty findings: in EventBridge events, bare, and as the API returns them. A finding that repeats keeps its
/// id
/// and counts up.
final class GuardDuty implements AlertSource {
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,30}");
    private static final Pattern FINDING = Pattern.compile("[0-9a-zA-Z]{1,64}");

    @Override
    public String name() {
        return "guardduty";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        return Wrapped.in(objects, "Findings", "findings");
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var whole = new Fields(event);
        Fields finding = whole.isObject("detail") ? whole.object("detail") : whole;
        if (!finding.isObject("service") && !finding.isObject("resource") && !finding.has("type")) {
            throw new UnreadableAlertException("not a GuardDuty finding: neither service, resource nor type");
        }
        Fields service = finding.object("service");
        var draft = new Draft(event, received)
                .id(finding.name("id"))
                .url(url(finding))
                .revision(revision(finding, service))
                .title(title(finding, service))
                .description(finding.text("description"))
                .category(finding.name("type"))
                .severity(finding.number("severity").map(GuardDuty::severity))
                .status(service.name("archived").map(archived -> archived.equals("true") ? "archived" : "new"))
                .seen(
                        service.time("eventFirstSeen").or(() -> finding.time("createdAt")),
                        service.time("eventLastSeen").or(() -> finding.time("updatedAt")));
        GuardDutyEntities.read(finding, draft);
        return draft.alert("GuardDuty finding");
    }

    /// A sample finding says so: nobody should capture a machine for it.
    private static Optional<String> title(Fields finding, Fields service) {
        boolean sample =
                service.name("additionalInfo.sample").filter("true"::equals).isPresent();
        return finding.name("title", "type")
                .map(title -> sample && !title.startsWith("[SAMPLE]") ? "[SAMPLE] " + title : title);
    }

    private static Optional<String> revision(Fields finding, Fields service) {
        return finding.time("updatedAt")
                .map(time -> service.integer("count")
                        .map(count -> time + " #" + count)
                        .orElse(time.toString()));
    }

    /// 1.0 to 3.9 low, to 6.9 medium, to 8.9 high, above critical; each its place in our band.
    static Severity severity(double value) {
        if (value < 4) {
            return Severity.in(SeverityLabel.LOW, (value - 1) / 2.9 * 100);
        }
        if (value < 7) {
            return Severity.in(SeverityLabel.MEDIUM, (value - 4) / 2.9 * 100);
        }
        if (value < 9) {
            return Severity.in(SeverityLabel.HIGH, (value - 7) / 1.9 * 100);
        }
        return Severity.in(SeverityLabel.CRITICAL, (value - 9) * 100);
    }

    private static Optional<String> url(Fields finding) {
        Optional<String> region =
                finding.name("region").filter(name -> REGION.matcher(name).matches());
        Optional<String> id =
                finding.name("id").filter(text -> FINDING.matcher(text).matches());
        if (region.isEmpty() || id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("https://%1$s.console.aws.amazon.com/guardduty/home?region=%1$s#/findings?fId=%2$s"
                .formatted(region.get(), id.get()));
    }
}
