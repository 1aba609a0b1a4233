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
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lines that were written to AWS CloudWatch Logs, of functions of Lambda for example:
/// `varve/cloud/aws/cloudwatch/GROUP.jsonl` of a capture.
///
/// Format: `FilteredLogEvent` in the CloudWatch Logs API Reference, one object a line, with `logGroupName`;
/// `timestamp` and `ingestionTime` are milliseconds since 1970. What Lambda itself writes (`START
/// RequestId: …`, and JSON with `requestId` and `level`) is described under "Lambda log formats" in the AWS
/// Lambda Developer Guide.
@AutoService(ArtefactParser.class)
public final class CloudWatchLog implements ArtefactParser {
    private static final CloudLog LOG = new CloudLog(
            Pattern.compile("(.*!)?/(?:.*/)?varve/cloud/aws/cloudwatch/[^/]+\\.jsonl"),
            names -> names.containsAll(Set.of("logStreamName", "timestamp", "message", "ingestionTime")),
            List.of("eventId"));

    private static final Pattern UUID = Pattern.compile(
            "(?:RequestId: |\"requestId\": ?\"|\t)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\b");
    private static final Pattern LEVEL = Pattern.compile(
            "(?:\\[|\t|\"level\": ?\")(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)(?:\\]|\t|\")");

    @DataType("aws:cloudwatch:entry")
    record Entry(
            @Time("Recorded Time") EventTime time,
            @Field("aws.cloudwatch.message") String text,
            @Field("log.level") String level,
            @Field("aws.cloudwatch.log_group") String group,
            @Field("aws.cloudwatch.log_stream") String stream,
            @Field("aws.lambda.request_id") String request,
            @Field("event.id") String id,
            @Field("event.ingested") String ingested)
            implements EventData {
        @Override
        public String message() {
            return "%s: %s"
                    .formatted(group.isEmpty() ? "CloudWatch Logs" : group, text.isEmpty() ? "an empty line" : text);
        }
    }

    @Override
    public String name() {
        return "cloudwatch_log";
    }

    @Override
    public String dataType() {
        return "aws:cloudwatch";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return LOG.claims(file, head);
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        LOG.read(file, sink, CloudWatchLog::entry);
    }

    private static EventData entry(CloudRecord record) {
        String text = record.text("message").strip();
        return new Entry(
                time(record),
                text,
                found(LEVEL, text).toLowerCase(Locale.ROOT),
                record.text("logGroupName"),
                record.text("logStreamName"),
                found(UUID, text),
                record.text("eventId"),
                record.number("ingestionTime")
                        .map(milliseconds -> Instant.ofEpochMilli(milliseconds).toString())
                        .orElse(""));
    }

    private static EventTime time(CloudRecord record) {
        long milliseconds = record.number("timestamp").orElseThrow(() -> new CorruptException("no timestamp"));
        return EventTime.utc(
                Math.floorDiv(milliseconds, 1_000L),
                Math.floorMod(milliseconds, 1_000) * 1_000_000,
                Precision.MILLISECOND);
    }

    private static String found(Pattern what, String text) {
        Matcher matcher = what.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }
}
