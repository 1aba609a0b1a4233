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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// AWS CloudTrail: who called which API of an account, from where, on what, and how it ended.
///
/// Read as it lies in a bucket (`{"Records":[…]}`), as a plain list, as a record a line (a capture's
/// `varve/cloud/aws/cloudtrail.jsonl`, exports), and as LookupEvents answers, where the record is text in
/// `CloudTrailEvent`. Logstash moves the time to `@timestamp`. Insight events say in `insightDetails` which
/// call became unusually frequent or rare.
///
/// Format: "CloudTrail record contents for management, data, and network activity events" and "CloudTrail
/// userIdentity element" in the AWS CloudTrail User Guide; `Event` in the CloudTrail API Reference.
/// `eventTime` is UTC, in seconds.
@AutoService(ArtefactParser.class)
public final class CloudTrail implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?(?:varve/cloud/aws/cloudtrail\\.jsonl"
                    + "|\\d{12}_CloudTrail(?:-Insight)?_[a-z0-9-]+_\\d{8}T\\d{4}Z_\\w+\\.json)"),
            CloudTrail::isRecord,
            List.of("eventID", "EventId"));

    private static final Set<String> INSTANCES = Set.of("instanceId", "instanceIds", "InstanceIds", "InstanceId");

    /// Parameters that say what a call was about; a caller can send many others.
    private static final Set<String> TELLING = Set.of(
            "instanceId",
            "instanceIds",
            "imageId",
            "instanceType",
            "snapshotId",
            "volumeId",
            "groupId",
            "cidrIp",
            "fromPort",
            "toPort",
            "keyName",
            "bucketName",
            "key",
            "roleArn",
            "roleName",
            "roleSessionName",
            "policyArn",
            "policyName",
            "policyDocument",
            "userName",
            "groupName",
            "accessKeyId",
            "functionName",
            "secretId",
            "documentName",
            "name",
            "trailName",
            "userData");

    @DataType("aws:cloudtrail:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            @Field("event.action") String action,
            @Field("event.provider") String service,
            @Field("event.outcome") String outcome,
            @Field("event.id") String id,
            @Field("cloud.region") String region,
            @Field("cloud.account.id") String account,
            @Field("cloud.instance.id") List<String> instances,
            @Field("source.ip") Optional<String> sourceIp,
            @Field("source.address") String source,
            @Field("user_agent.original") String agent,
            @Field("error.code") String error,
            @Field("error.message") String errorMessage,
            Identity identity,
            @Field("aws.cloudtrail.event_type") String type,
            @Field("aws.cloudtrail.event_category") String category,
            @Field("aws.cloudtrail.request_id") String requestId,
            @Field("aws.cloudtrail.read_only") Optional<Boolean> readOnly,
            @Field("aws.vpc_endpoint.id") String endpoint,
            @Field("user.target.name") String targetUser,
            @Field("aws.resources") List<String> resources,
            @Field("aws.cloudtrail.request") List<String> request,
            @Field("aws.cloudtrail.response") List<String> response,
            @Field("aws.cloudtrail.additional") List<String> additional,
            @Field("aws.cloudtrail.service_event") List<String> serviceEvent,
            @Field("aws.cloudtrail.insight") List<String> insight)
            implements EventData {
        @Override
        public String message() {
            String what = service.replaceFirst("\\.amazonaws\\.com(?:\\.cn)?$", "") + " " + action;
            String from = source.isEmpty() ? "" : " from " + source;
            String failure = !error.isEmpty() ? error : CloudRecord.cut(errorMessage, 200);
            return what + " by " + identity.who() + from + (failure.isEmpty() ? "" : ": " + failure);
        }
    }

    /// Who called, as far as the record says.
    record Identity(
            @Field("user.name") String name,
            @Field("user.id") String id,
            @Field("aws.cloudtrail.user_identity.type") String type,
            @Field("aws.cloudtrail.user_identity.arn") String arn,

            @Field("aws.cloudtrail.user_identity.account_id")
            String account,

            @Field("aws.cloudtrail.user_identity.access_key_id")
            String accessKey,

            @Field("aws.cloudtrail.user_identity.session_name")
            String sessionName,

            @Field("aws.cloudtrail.user_identity.issuer_arn")
            String issuer,

            @Field("aws.cloudtrail.user_identity.invoked_by")
            String invokedBy,

            @Field("aws.cloudtrail.user_identity.mfa") Optional<Boolean> mfa,

            @Field("aws.cloudtrail.user_identity.session_created")
            String sessionCreated) {
        static Identity of(CloudRecord record) {
            String type = record.text("userIdentity.type");
            String id = record.text("userIdentity.principalId");
            String session = type.equals("AssumedRole") ? id.substring(id.indexOf(':') + 1) : "";
            return new Identity(
                    record.optional("userIdentity.userName").orElse(session),
                    id,
                    type,
                    record.text("userIdentity.arn"),
                    record.text("userIdentity.accountId"),
                    record.text("userIdentity.accessKeyId"),
                    session,
                    record.text("userIdentity.sessionContext.sessionIssuer.arn"),
                    record.text("userIdentity.invokedBy"),
                    record.flag("userIdentity.sessionContext.attributes.mfaAuthenticated"),
                    record.text("userIdentity.sessionContext.attributes.creationDate"));
        }

        String who() {
            return List.of(arn, name, id, invokedBy, account, type).stream()
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("an unnamed caller");
        }
    }

    @Override
    public String name() {
        return "cloudtrail";
    }

    @Override
    public String dataType() {
        return "aws:cloudtrail";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, CloudTrail::entry);
    }

    private static boolean isRecord(Set<String> names) {
        boolean timed = names.contains("eventTime") || names.contains("@timestamp");
        return names.containsAll(Set.of("eventVersion", "eventSource", "eventName")) && timed
                || names.containsAll(Set.of("EventId", "EventName", "CloudTrailEvent"));
    }

    private static EventData entry(CloudRecord line) {
        return line.inner("CloudTrailEvent")
                .map(record -> entry(record, line.all("Resources.ResourceName")))
                .orElseGet(() -> entry(line, List.of()));
    }

    /// @param looked what LookupEvents says the call was about, used where the record itself does not say
    private static Entry entry(CloudRecord record, List<String> looked) {
        String action = record.required("eventName", "insightDetails.eventName");
        String source = record.text("sourceIPAddress");
        List<String> resources = record.all("resources.ARN", "resources.arn");
        String error = record.text("errorCode");
        String message = record.text("errorMessage");
        return new Entry(
                record.requiredTime("eventTime", "@timestamp"),
                action,
                record.required("eventSource", "insightDetails.eventSource"),
                error.isEmpty() && message.isEmpty() ? "success" : "failure",
                record.text("eventID"),
                record.text("awsRegion"),
                record.text("recipientAccountId", "userIdentity.accountId"),
                record.ending(INSTANCES),
                CloudRecord.address(source),
                source,
                record.text("userAgent"),
                error,
                message,
                Identity.of(record),
                record.text("eventType"),
                record.text("eventCategory"),
                record.text("requestID"),
                record.flag("readOnly"),
                record.text("vpcEndpointId"),
                record.text("requestParameters.userName"),
                resources.isEmpty() ? looked : resources,
                record.pairs("requestParameters", TELLING),
                record.pairs("responseElements", TELLING),
                record.pairs("additionalEventData", Set.of()),
                record.pairs("serviceEventDetails", TELLING),
                record.pairs("insightDetails", Set.of("state", "insightType")));
    }
}
