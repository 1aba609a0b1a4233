package io.varve.artefact.cloud;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.CorruptException;
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

/// Log entries of Google Cloud: audit logs of who called which API, and what else a project logs.
///
/// Read as a `LogEntry` a line (a capture's `varve/cloud/gcp/audit.jsonl` and `vpc-flows.jsonl`, exports to
/// a bucket) or one list of them (`gcloud logging read`).
///
/// Format: `LogEntry` in the Cloud Logging API reference, `AuditLog` in its `protoPayload` as "AuditLog" in
/// the Cloud Audit Logs reference says, the numbers of `status.code` in `google.rpc.Code`. Times are RFC
/// 3339 in UTC.
@AutoService(ArtefactParser.class)
public final class GcpLog implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?varve/cloud/gcp/(?:audit|vpc-flows)\\.jsonl"),
            GcpLog::isRecord,
            List.of("insertId"));

    private static final Set<String> PAYLOADS = Set.of("protoPayload", "textPayload", "jsonPayload");
    private static final String CALL = "protoPayload.";
    private static final String WHO = CALL + "authenticationInfo.";

    private static final List<String> CODES = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    @DataType("gcp:log:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            @Field("event.ingested") String received,
            @Field("gcp.log.name") String log,
            @Field("log.level") String severity,
            @Field("event.id") String id,
            @Field("event.action") String method,
            @Field("event.provider") String service,
            @Field("event.outcome") String outcome,
            @Field("error.code") String error,
            @Field("error.message") String errorMessage,
            @Field("user.name") String principal,
            @Field("gcp.audit.principal_subject") String subject,
            @Field("gcp.audit.delegation") List<String> delegation,
            @Field("gcp.audit.service_account_key") String key,
            @Field("source.ip") Optional<String> sourceIp,
            @Field("source.address") String source,
            @Field("user_agent.original") String agent,
            @Field("gcp.resource.name") String resource,
            @Field("gcp.resource.type") String type,
            @Field("gcp.resource.labels") List<String> labels,
            @Field("cloud.project.id") String project,
            @Field("cloud.availability_zone") String zone,
            @Field("cloud.instance.id") List<String> instance,
            @Field("gcp.audit.permissions") List<String> permissions,
            @Field("gcp.audit.operation_id") String operation,
            @Field("gcp.audit.request") List<String> request,
            @Field("gcp.audit.response") List<String> response,
            @Field("gcp.log.payload") List<String> payload,
            @Field("log.message") String text)
            implements EventData {
        @Override
        public String message() {
            if (method.isEmpty()) {
                String said = text.isEmpty() ? String.join(", ", payload) : text;
                return (log.isEmpty() ? "log" : log) + ": " + (said.isEmpty() ? "no text" : said);
            }
            String on = resource.isEmpty() ? "" : " on " + resource;
            String by = principal.isEmpty() && subject.isEmpty()
                    ? ""
                    : " by " + (principal.isEmpty() ? subject : principal);
            String from = source.isEmpty() ? "" : " from " + source;
            return method + on + by + from + (error.isEmpty() ? "" : ": " + error);
        }
    }

    @Override
    public String name() {
        return "gcp_log";
    }

    @Override
    public String dataType() {
        return "gcp:log";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, GcpLog::entry);
    }

    private static boolean isRecord(Set<String> names) {
        return names.containsAll(Set.of("logName", "insertId", "resource"))
                && (names.contains("timestamp") || names.contains("receiveTimestamp"))
                && names.stream().anyMatch(PAYLOADS::contains);
    }

    private static EventData entry(CloudRecord record) {
        String method = record.text(CALL + "methodName");
        String text = record.text("textPayload", "jsonPayload.message", "jsonPayload.MESSAGE");
        List<String> payload = payload(record, method);
        if (method.isEmpty() && text.isEmpty() && payload.isEmpty()) {
            throw new CorruptException("no payload: neither a method, a text nor an object");
        }
        if (method.isEmpty() && GcpFlow.is(record)) {
            return GcpFlow.of(record, payload);
        }
        String source = record.text(CALL + "requestMetadata.callerIp");
        String error = code(record);
        return new Entry(
                record.requiredTime("timestamp", "receiveTimestamp"),
                record.text("receiveTimestamp"),
                record.text("logName"),
                record.text("severity"),
                record.text("insertId"),
                method,
                record.text(CALL + "serviceName"),
                method.isEmpty() ? "" : error.isEmpty() ? "success" : "failure",
                error,
                record.text(CALL + "status.message"),
                record.text(WHO + "principalEmail"),
                record.text(WHO + "principalSubject"),
                record.all(
                        WHO + "serviceAccountDelegationInfo.firstPartyPrincipal.principalEmail",
                        WHO + "serviceAccountDelegationInfo.principalSubject"),
                record.text(WHO + "serviceAccountKeyName"),
                CloudRecord.address(source),
                source,
                record.text(CALL + "requestMetadata.callerSuppliedUserAgent"),
                record.text(CALL + "resourceName"),
                record.text("resource.type"),
                record.pairs("resource.labels", Set.of()),
                record.text("resource.labels.project_id"),
                record.text("resource.labels.zone"),
                record.all("resource.labels.instance_id"),
                record.all(CALL + "authorizationInfo.permission"),
                record.text("operation.id"),
                record.pairs(CALL + "request", Set.of("name", "account_id", "email", "member", "role")),
                record.pairs(CALL + "response", Set.of("name", "email", "unique_id")),
                payload,
                text);
    }

    /// What an entry holds that is no call.
    private static List<String> payload(CloudRecord record, String method) {
        List<String> object = record.pairs("jsonPayload", Set.of("message"));
        return object.isEmpty() && method.isEmpty() ? record.pairs("protoPayload", Set.of("@type")) : object;
    }

    /// The name of the error that a call ended with; empty when it succeeded.
    private static String code(CloudRecord record) {
        Optional<Long> code = record.number(CALL + "status.code");
        return code.filter(number -> number != 0)
                .map(number -> number > 0 && number < CODES.size() ? CODES.get(number.intValue()) : "code " + number)
                .orElse("");
    }
}
