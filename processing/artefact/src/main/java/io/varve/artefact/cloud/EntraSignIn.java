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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Sign-ins of Microsoft Entra ID: who signed in to which application, from where and with what, and how it
/// ended.
///
/// Read as Microsoft Graph returns them, a record a line (a capture's `varve/cloud/azure/sign-ins.jsonl`) or
/// one list. An error code of 0 is a success, any other a failure; among the others are interruptions, e.g.
/// 50140 (whether to stay signed in was asked), after which the same sign-in may have gone on.
///
/// Format: "signIn resource type" in the Microsoft Graph reference, version 1.0. Times are UTC.
@AutoService(ArtefactParser.class)
public final class EntraSignIn implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?varve/cloud/azure/sign-ins\\.jsonl"),
            names -> names.containsAll(
                    Set.of("createdDateTime", "userPrincipalName", "appDisplayName", "conditionalAccessStatus")),
            List.of("id"));

    @DataType("entra:signin:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            @Field("event.outcome") String outcome,
            @Field("entra.signin.error_code") Optional<Long> errorCode,
            @Field("event.reason") String reason,
            @Field("entra.signin.details") String details,
            @Field("event.id") String id,
            @Field("user.name") String user,
            @Field("user.full_name") String fullName,
            @Field("user.id") String userId,
            @Field("source.ip") Optional<String> sourceIp,
            @Field("source.address") String source,
            @Field("source.geo.city_name") String city,
            @Field("source.geo.region_name") String region,
            @Field("source.geo.country_iso_code") String country,
            @Field("entra.signin.application") String application,
            @Field("entra.signin.application_id") String applicationId,
            @Field("entra.signin.resource") String resource,
            @Field("entra.signin.resource_id") String resourceId,
            @Field("entra.signin.client") String client,
            @Field("entra.signin.conditional_access") String conditionalAccess,

            @Field("entra.signin.conditional_access_policies")
            List<String> policies,

            @Field("entra.signin.interactive") Optional<Boolean> interactive,
            @Field("entra.signin.device.id") String deviceId,
            @Field("entra.signin.device.name") String device,
            @Field("entra.signin.device.system") String system,
            @Field("entra.signin.device.browser") String browser,
            @Field("entra.signin.device.trust") String trust,
            @Field("entra.signin.device.managed") Optional<Boolean> managed,
            @Field("entra.signin.device.compliant") Optional<Boolean> compliant,
            @Field("entra.signin.risk_level") String riskLevel,
            @Field("entra.signin.risk_state") String riskState,
            @Field("entra.signin.risk_types") List<String> riskTypes,
            @Field("entra.signin.correlation_id") String correlationId)
            implements EventData {
        @Override
        public String message() {
            String who = user.isEmpty() ? userId : user;
            String to = application.isEmpty() ? "" : " to " + application;
            String from = source.isEmpty() ? "" : " from " + source + place();
            if (outcome.equals("success")) {
                return "%s signed in%s%s".formatted(who, to, from);
            }
            return "%s did not sign in%s%s: %s%s"
                    .formatted(
                            who,
                            to,
                            from,
                            errorCode.map(code -> "error " + code).orElse("no result is stated"),
                            reason.isEmpty() ? "" : ", " + reason);
        }

        private String place() {
            String place =
                    Stream.of(city, country).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
            return place.isEmpty() ? "" : " (" + place + ")";
        }
    }

    @Override
    public String name() {
        return "entra_signin";
    }

    @Override
    public String dataType() {
        return "entra:signin";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, EntraSignIn::entry);
    }

    private static EventData entry(CloudRecord record) {
        Optional<Long> code = record.number("status.errorCode");
        String source = record.text("ipAddress");
        // one of them there is
        record.required("userPrincipalName", "userId");
        return new Entry(
                record.requiredTime("createdDateTime"),
                code.map(number -> number == 0 ? "success" : "failure").orElse(""),
                code,
                // of a success it says that there was nothing
                code.equals(Optional.of(0L)) ? "" : record.text("status.failureReason"),
                record.text("status.additionalDetails"),
                record.text("id"),
                record.text("userPrincipalName"),
                record.text("userDisplayName"),
                record.text("userId"),
                CloudRecord.address(source),
                source,
                record.text("location.city"),
                record.text("location.state"),
                record.text("location.countryOrRegion"),
                record.text("appDisplayName"),
                record.text("appId"),
                record.text("resourceDisplayName"),
                record.text("resourceId"),
                record.text("clientAppUsed"),
                record.text("conditionalAccessStatus"),
                record.all("appliedConditionalAccessPolicies.displayName"),
                record.flag("isInteractive"),
                record.text("deviceDetail.deviceId"),
                record.text("deviceDetail.displayName"),
                record.text("deviceDetail.operatingSystem"),
                record.text("deviceDetail.browser"),
                record.text("deviceDetail.trustType"),
                record.flag("deviceDetail.isManaged"),
                record.flag("deviceDetail.isCompliant"),
                record.text("riskLevelDuringSignIn"),
                record.text("riskState"),
                record.all("riskEventTypes_v2", "riskEventTypes"),
                record.text("correlationId"));
    }
}
