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

/// Azure's activity log: who did what to which resource of a subscription, and how it ended.
///
/// Read as the REST API returns it (`EventData`, in camel case, or in the snake case of the Python SDK),
/// and as diagnostic settings export it to a storage account or an event hub, where other logs of the same
/// common schema can lie between; a record a line (a capture's `varve/cloud/azure/activity.jsonl`) or one
/// list.
///
/// Format: "Activity Logs - List" in the Azure Monitor REST API reference; "Azure Activity Log event
/// schema" and "Common and service-specific schemas for Azure resource logs" in the Azure Monitor
/// documentation. Times are UTC.
@AutoService(ArtefactParser.class)
public final class AzureActivity implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?(?:varve/cloud/azure/activity\\.jsonl"
                    + "|insights-(?:activity-logs|logs-administrative)/(?:.*/)?PT1H\\.json)"),
            AzureActivity::isRecord,
            List.of("eventDataId", "event_data_id", "correlationId"));

    private static final Set<String> EXPORTED =
            Set.of("time", "resourceId", "operationName", "category", "correlationId");

    private static final String SCHEMAS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    private static final String OBJECT = "http://schemas.microsoft.com/identity/claims/objectidentifier";

    @DataType("azure:activity:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            @Field("event.action") String operation,
            @Field("event.outcome") String outcome,
            @Field("azure.activity.status") String status,
            @Field("event.reason") String reason,
            @Field("event.id") String id,
            @Field("user.name") String caller,
            @Field("user.id") String callerId,
            @Field("source.ip") Optional<String> sourceIp,
            @Field("source.address") String source,
            @Field("user_agent.original") String agent,
            @Field("http.request.method") String method,
            @Field("cloud.region") String region,
            @Field("cloud.account.id") String subscription,
            @Field("azure.tenant.id") String tenant,
            @Field("azure.resource.id") String resource,
            @Field("azure.resource.group") String group,
            @Field("azure.resource.provider") String provider,
            @Field("azure.resource.type") String type,
            @Field("azure.activity.category") String category,
            @Field("azure.activity.event_name") String eventName,
            @Field("azure.activity.operation_id") String operationId,
            @Field("azure.activity.correlation_id") String correlationId,
            @Field("azure.activity.application_id") String application,
            @Field("azure.activity.role") String role,
            @Field("log.level") String level,
            @Field("event.ingested") String submitted,
            @Field("azure.activity.properties") List<String> properties)
            implements EventData {
        @Override
        public String message() {
            String on = resource.isEmpty() ? "" : " on " + resource;
            String by = caller.isEmpty() && callerId.isEmpty() ? "" : " by " + (caller.isEmpty() ? callerId : caller);
            String from = source.isEmpty() ? "" : " from " + source;
            return operation
                    + on
                    + by
                    + from
                    + (status.isEmpty() ? "" : ": " + status)
                    + (reason.isEmpty() || reason.equals(status) ? "" : " (" + reason + ")");
        }
    }

    @Override
    public String name() {
        return "azure_activity";
    }

    @Override
    public String dataType() {
        return "azure:activity";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, AzureActivity::entry);
    }

    private static boolean isRecord(Set<String> names) {
        boolean exported = names.containsAll(EXPORTED) && (names.contains("resultType") || names.contains("identity"));
        return exported
                || names.containsAll(Set.of("eventTimestamp", "operationName", "eventDataId"))
                || names.containsAll(Set.of("event_timestamp", "operation_name", "event_data_id"));
    }

    private static EventData entry(CloudRecord record) {
        String operation = record.required(
                "operationName.value", "operation_name.value", "operationName", "operationName.localizedValue");
        String status = record.text("status.value", "resultType", "properties.result");
        String source = source(record);
        String resource = record.text("resourceId", "resource_id", "resourceUri");
        return new Entry(
                record.requiredTime("eventTimestamp", "event_timestamp", "time"),
                operation,
                CloudRecord.outcome(status),
                status,
                record.text("subStatus.value", "sub_status.value", "resultSignature", "resultDescription"),
                record.text("eventDataId", "event_data_id"),
                record.text(
                        "caller",
                        claim(SCHEMAS + "upn"),
                        exportedClaim(SCHEMAS + "upn"),
                        exportedClaim(SCHEMAS + "name"),
                        exportedClaim("name"),
                        "identity.userPrincipalName",
                        "properties.initiatedBy.user.userPrincipalName",
                        "properties.userPrincipalName",
                        exportedClaim("appid"),
                        "identity"),
                record.text(claim(OBJECT), exportedClaim(OBJECT), "properties.initiatedBy.user.id"),
                CloudRecord.address(source),
                source,
                record.text("properties.userAgent", "properties.userAgentHeader"),
                record.text("httpRequest.method", "http_request.method"),
                record.text("location"),
                record.optional("subscriptionId", "subscription_id").orElseGet(() -> part(resource, "subscriptions")),
                record.text("tenantId", "tenant_id"),
                resource,
                record.optional("resourceGroupName", "resource_group_name")
                        .orElseGet(() -> part(resource, "resourcegroups")),
                record.text("resourceProviderName.value", "resource_provider_name.value"),
                record.text("resourceType.value", "resource_type.value"),
                record.text("category.value", "category"),
                record.text("eventName.value", "event_name.value"),
                record.text("operationId", "operation_id"),
                record.text("correlationId", "correlation_id"),
                record.text(claim("appid"), exportedClaim("appid")),
                record.text("identity.authorization.evidence.role", "authorization.role"),
                record.text("level"),
                record.text("submissionTimestamp", "submission_timestamp"),
                record.pairs("properties", Set.of("message", "entity", "statusCode", "requestbody", "responseBody")));
    }

    /// Exports of a storage account's own log have the port too.
    private static String source(CloudRecord record) {
        String source = record.text(
                "httpRequest.clientIpAddress",
                "http_request.client_ip_address",
                "callerIpAddress",
                claim("ipaddr"),
                exportedClaim("ipaddr"));
        return source.replaceFirst("^(\\d{1,3}(?:\\.\\d{1,3}){3}):\\d+$", "$1");
    }

    private static String claim(String name) {
        return "claims." + name;
    }

    private static String exportedClaim(String name) {
        return "identity.claims." + name;
    }

    /// The part of a resource's path that follows a word, in any case.
    private static String part(String resource, String word) {
        String[] parts = resource.split("/", 8);
        for (int i = 0; i + 1 < parts.length; i++) {
            if (parts[i].equalsIgnoreCase(word)) {
                return parts[i + 1];
            }
        }
        return "";
    }
}
