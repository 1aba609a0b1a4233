package io.varve.artefact.cloud;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A VPC flow that Google Cloud logged, a `LogEntry` whose object is as "About VPC Flow Logs records" says.
@DataType("gcp:vpcflow:entry")
record GcpFlow(
        @Time("Start Time") Optional<EventTime> start,
        @Time("End Time") Optional<EventTime> end,
        IpFlow flow,
        @Field("gcp.flow.reporter") String reporter,
        @Field("gcp.flow.source_instance") String source,
        @Field("gcp.flow.destination_instance") String destination,
        @Field("cloud.project.id") String project,
        @Field("cloud.availability_zone") String zone,
        @Field("event.id") String id,
        @Field("event.ingested") String received,
        @Field("gcp.log.name") String log,
        @Field("gcp.log.payload") List<String> payload)
        implements EventData {
    private static final String CONNECTION = "jsonPayload.connection.";
    private static final Pattern NAMED = Pattern.compile(
            "(?:connection\\.\\w+|bytes_sent|packets_sent|start_time|end_time|reporter|(?:src|dest)_instance\\.vm_name)=");

    static boolean is(CloudRecord record) {
        return record.has(CONNECTION + "src_ip") && record.has(CONNECTION + "dest_ip");
    }

    /// @param payload all that the entry holds, of which this keeps what has no field of its own
    static GcpFlow of(CloudRecord record, List<String> payload) {
        Optional<EventTime> end = record.time("jsonPayload.end_time");
        return new GcpFlow(
                record.time("jsonPayload.start_time").or(() -> end.or(() -> record.time("timestamp"))),
                end,
                IpFlow.of(
                        end(record, "src"),
                        end(record, "dest"),
                        record.text(CONNECTION + "protocol"),
                        record.number("jsonPayload.packets_sent"),
                        record.number("jsonPayload.bytes_sent")),
                record.text("jsonPayload.reporter"),
                record.text("jsonPayload.src_instance.vm_name"),
                record.text("jsonPayload.dest_instance.vm_name"),
                record.text("resource.labels.project_id"),
                record.text("resource.labels.zone", "resource.labels.location"),
                record.text("insertId"),
                record.text("receiveTimestamp"),
                record.text("logName"),
                payload.stream()
                        .filter(pair -> !NAMED.matcher(pair).lookingAt())
                        .toList());
    }

    private static IpFlow.End end(CloudRecord record, String which) {
        return new IpFlow.End(
                CloudRecord.address(record.text(CONNECTION + which + "_ip")),
                record.number(CONNECTION + which + "_port"));
    }

    @Override
    public String message() {
        return "%s (%s)".formatted(flow.text(), flow.size());
    }
}
