package io.varve.artefact.cloud;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What Amazon GuardDuty found: `varve/cloud/aws/guardduty.jsonl` of a capture, and findings exported to a
/// bucket.
///
/// Format: `Finding` in the Amazon GuardDuty API Reference, a finding a line, with names in either case
/// (GetFindings and the CLI begin them with a capital, exports and events do not), alone or as the `detail`
/// of an EventBridge event.
@AutoService(ArtefactParser.class)
public final class GuardDuty implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?varve/cloud/aws/guardduty\\.jsonl"),
            GuardDuty::isRecord,
            List.of("Id", "id"));

    @DataType("aws:guardduty:finding")
    record Finding(
            @Time("First Time") Optional<EventTime> first,
            @Time("Last Time") Optional<EventTime> last,
            @Time("Creation Time") Optional<EventTime> created,
            @Time("Update Time") Optional<EventTime> updated,
            @Field("event.id") String id,
            @Field("rule.name") String type,
            @Field("aws.guardduty.title") String title,
            @Field("aws.guardduty.description") String description,
            @Field("aws.guardduty.severity") Optional<Double> severity,
            @Field("event.count") Optional<Long> count,
            @Field("cloud.account.id") String account,
            @Field("cloud.region") String region,
            @Field("cloud.instance.id") List<String> instance,
            @Field("aws.guardduty.resource_type") String resourceType,
            @Field("aws.guardduty.action_type") String actionType,
            @Field("aws.guardduty.remote_address") List<String> remote,
            @Field("dns.question.name") String domain,
            @Field("aws.guardduty.api") String api,
            @Field("user.name") String user,
            @Field("aws.guardduty.access_key_id") String accessKey,
            @Field("aws.guardduty.archived") Optional<Boolean> archived)
            implements EventData {
        @Override
        public String message() {
            String on = instance.isEmpty() ? "" : " on " + String.join(", ", instance);
            String said = title.isEmpty() ? type : "%s (%s)".formatted(title, type);
            return "GuardDuty found%s: %s%s"
                    .formatted(
                            on,
                            said,
                            severity.map(number -> ", severity " + number).orElse(""));
        }
    }

    @Override
    public String name() {
        return "guardduty";
    }

    @Override
    public String dataType() {
        return "aws:guardduty";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, GuardDuty::finding);
    }

    private static boolean isRecord(Set<String> names) {
        return names.containsAll(
                Set.of("schemaVersion", "accountId", "type", "service", "resource", "severity", "createdAt"));
    }

    private static EventData finding(CloudRecord record) {
        return new Finding(
                record.time(names("Service.EventFirstSeen")),
                record.time(names("Service.EventLastSeen")),
                record.time(names("CreatedAt")),
                record.time(names("UpdatedAt")),
                record.required(id(record)),
                record.required(names("Type")),
                record.text(names("Title")),
                record.text(names("Description")),
                record.decimal(names("Severity")),
                record.number(names("Service.Count")),
                record.text(names("AccountId")),
                record.text(names("Region")),
                record.all(names("Resource.InstanceDetails.InstanceId")),
                record.text(names("Resource.ResourceType")),
                record.text(names("Service.Action.ActionType")),
                remote(record),
                record.text(names("Service.Action.DnsRequestAction.Domain")),
                record.text(names("Service.Action.AwsApiCallAction.Api")),
                record.text(names("Resource.AccessKeyDetails.UserName")),
                record.text(names("Resource.AccessKeyDetails.AccessKeyId")),
                record.flag(names("Service.Archived")));
    }

    /// An EventBridge event has an id of its own.
    private static String[] id(CloudRecord record) {
        return record.has("detail.id") ? new String[] {"detail.id"} : names("Id");
    }

    private static List<String> remote(CloudRecord record) {
        return List.of(
                        "NetworkConnectionAction",
                        "AwsApiCallAction",
                        "PortProbeAction.PortProbeDetails",
                        "RdsLoginAttemptAction")
                .stream()
                .flatMap(action ->
                        record.all(names("Service.Action." + action + ".RemoteIpDetails.IpAddressV4")).stream())
                .distinct()
                .toList();
    }

    /// A name as the API gives it, beginning in lower case, and in an event.
    private static String[] names(String name) {
        var lower = new StringBuilder();
        for (String part : name.split("\\.", -1)) {
            lower.append('.')
                    .append(part.substring(0, 1).toLowerCase(Locale.ROOT))
                    .append(part.substring(1));
        }
        return new String[] {name, lower.substring(1), "detail" + lower};
    }
}
