package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// AWS Security Hub: findings in the AWS security finding format, from EventBridge events (each finding an alert), the
/// API, or bare. The newer Security Hub sends OCSF; that is read as such.
final class SecurityHub implements AlertSource {
    private static final String CHECKS = "software and configuration checks";

    @Override
    public String name() {
        return "securityhub";
    }

    @Override
    public List<JsonNode> split(List<JsonNode> objects) {
        var events = new ArrayList<JsonNode>();
        for (JsonNode object : Wrapped.in(objects, "Findings", "findings")) {
            List<JsonNode> findings = Wrapped.inside(object.path("detail"), "findings");
            findings.forEach(finding -> events.add(inEnvelope(object, finding)));
            if (findings.isEmpty()) {
                events.add(object);
            }
        }
        return events;
    }

    /// The envelope around one finding; copying all of it for every finding would be quadratic.
    private static JsonNode inEnvelope(JsonNode envelope, JsonNode finding) {
        ObjectNode single = JsonNodeFactory.instance.objectNode();
        for (var member : envelope.properties()) {
            if (!member.getKey().equals("detail")) {
                single.set(member.getKey(), member.getValue());
            }
        }
        single.putObject("detail").putArray("findings").add(finding);
        return single;
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        JsonNode inside = event.path("detail").path("findings").path(0);
        JsonNode finding = inside.isObject() ? inside : event;
        if (finding.has("class_uid")) {
            return new Ocsf().read(finding, received);
        }
        var fields = new Fields(finding);
        if (!fields.has("ProductArn") && !fields.has("GeneratorId") && !fields.has("AwsAccountId")) {
            throw new UnreadableAlertException("not a Security Hub finding: neither product, generator nor account");
        }
        var draft = new Draft(finding, received)
                .id(fields.name("Id"))
                .url(fields.text("SourceUrl"))
                .updated(fields.time("UpdatedAt"))
                .title(fields.name("Title"))
                .description(fields.text("Description"))
                .category(types(fields).stream().findFirst())
                .severity(severity(fields))
                .status(fields.name("RecordState")
                        .filter("ARCHIVED"::equals)
                        .or(() -> fields.name("Workflow.Status", "WorkflowState")))
                .seen(fields.time("FirstObservedAt", "CreatedAt"), fields.time("LastObservedAt", "UpdatedAt"));
        SecurityHubEntities.read(fields, draft);
        types(fields).forEach(type -> draft.found().techniques(List.of(type)));
        return draft.alert("Security Hub finding");
    }

    private static List<String> types(Fields finding) {
        List<String> types = finding.texts("Types");
        return types.isEmpty() ? finding.texts("FindingProviderFields.Types") : types;
    }

    /// A failed check of a setting is no detection.
    private static Optional<Severity> severity(Fields finding) {
        Optional<Severity> stated = finding.name("Severity.Label", "FindingProviderFields.Severity.Label")
                .flatMap(Severity::named)
                .or(() -> finding.number("Severity.Normalized").map(Severity::of));
        boolean check = types(finding).stream()
                .anyMatch(type -> type.toLowerCase(Locale.ROOT).startsWith(CHECKS));
        return check ? stated.map(Severity::atMostLow) : stated;
    }
}
