package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.artefact.JsonLines;
import io.varve.artefact.TextLines;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a capture says of itself: `varve/capture.json`, `footprint.json` and `outcomes.jsonl`.
///
/// Every outcome is a record; one that is not `collected` is also a warning, so the coverage shows what was asked for
/// and not had. Format: docs/formats-capture.md.
@AutoService(ArtefactParser.class)
public final class CaptureStatement implements ArtefactParser {
    private static final Pattern PATH =
            Pattern.compile("(.*!)?/varve/(capture\\.json|footprint\\.json|outcomes\\.jsonl)");

    /// A capture began on this host.
    @DataType("varve:capture:started")
    record Started(
            @Time("Start Time") Optional<EventTime> started,
            @Field("capture.id") String capture,
            @Field("capture.profile") String profile,
            @Field("host.name") String host,
            @Field("host.hostname") String fqdn,
            @Field("host.id") String machineId,
            @Field("host.boot.id") String bootId,
            @Field("host.os.full") String os,
            @Field("host.os.kernel") String kernel,
            @Field("host.timezone") String zone)
            implements EventData {
        @Override
        public String message() {
            return "Varve began capture %s of %s (%s)".formatted(capture, host, profile);
        }
    }

    /// A capture ended; what it did to the host.
    @DataType("varve:capture:footprint")
    record Footprint(
            @Time("End Time") Optional<EventTime> ended,
            @Field("capture.read_bytes") Optional<Long> readBytes,
            @Field("capture.files_read") Optional<Long> filesRead,
            @Field("capture.written") List<String> written,
            @Field("capture.processes_started") List<String> processes,
            @Field("capture.network") List<String> network)
            implements EventData {
        @Override
        public String message() {
            return "Varve ended its capture: %s files and %s bytes read, %d files written, %d processes started"
                    .formatted(
                            filesRead.map(String::valueOf).orElse("?"),
                            readBytes.map(String::valueOf).orElse("?"),
                            written.size(),
                            processes.size());
        }
    }

    @Override
    public String name() {
        return "capture_statement";
    }

    @Override
    public String dataType() {
        return "varve:capture";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        switch (file.name()) {
            case "outcomes.jsonl" -> JsonLines.read(file, sink, (line, raw) -> outcome(line, raw, sink));
            case "capture.json" -> one(file, sink, CaptureStatement::started);
            default -> one(file, sink, CaptureStatement::footprint);
        }
    }

    private static void outcome(JsonLine line, TextLines.Line raw, EventSink sink) {
        String path = line.optional("path").or(() -> line.optional("artifact")).orElse("(no path)");
        String status = line.required("status");
        sink.record(raw.locator());
        if (!status.equals("collected") && !status.equals("empty")) {
            String reason = line.optional("reason").map(r -> ": " + r).orElse("");
            sink.warning(raw.offset(), "asked for, %s: %s%s".formatted(status, path, reason));
        }
    }

    private interface Reading {
        EventData of(JsonLine json);
    }

    private static void one(EvidenceFile file, EventSink sink, Reading reading) throws IOException {
        try (Bytes bytes = file.open()) {
            MemorySegment raw = bytes.at(0, Limits.check(bytes.size(), Limits.LINE, file.name()), file.name());
            try {
                EventData data = reading.of(JsonLine.of(raw.toArray(ValueLayout.JAVA_BYTE)));
                sink.record(RecordLocator.bytes(0, raw), data);
            } catch (CorruptException e) {
                sink.rejected(0, String.valueOf(e.getMessage()));
            }
        }
    }

    private static EventData started(JsonLine json) {
        return new Started(
                json.time("started", Precision.NANOSECOND),
                json.text("capture"),
                json.text("profile"),
                json.text("host.name"),
                json.text("host.fqdn"),
                json.text("host.machine_id"),
                json.text("host.boot_id"),
                json.text("host.os"),
                json.text("host.kernel"),
                json.text("host.zone"));
    }

    private static EventData footprint(JsonLine json) {
        return new Footprint(
                json.time("ended", Precision.NANOSECOND),
                json.number("read_bytes"),
                json.number("files_read"),
                json.list("written"),
                json.list("processes_started"),
                json.list("network"));
    }
}
