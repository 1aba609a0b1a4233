package io.varve.artefact.linux;

import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.binary.Limits;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one syslog file.
final class SyslogReader {
    /// rsyslog's ForwardFormat ends no line: the next record starts at its priority.
    private static final Pattern INNER_RECORD = Pattern.compile(
            "(?<!^)<\\d{1,3}>(?:\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\S{0,20} |[A-Z][a-z]{2} {1,2}\\d{1,2} \\d\\d:\\d\\d:\\d\\d )");
    private static final Pattern REPEATED = Pattern.compile(
            "(?:--- )?(?:last )?message repeated (\\d{1,9}) times?(?:: \\[ ?(.*)\\])?(?: ---)?", Pattern.DOTALL);

    private final EvidenceFile file;
    private final EventSink sink;
    private final SyslogTimes times;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private Optional<SyslogLine> pending = Optional.empty();
    private StringBuilder more = new StringBuilder();
    private long pendingOffset;
    private boolean unended;
    private boolean isFirst = true;

    SyslogReader(EvidenceFile file, EvidenceContext context, EventSink sink) {
        this.file = file;
        this.sink = sink;
        this.times = new SyslogTimes(file, context, sink, SyslogReader::withoutNuls);
    }

    void read() throws IOException {
        TextLines.each(file, sink, this::whole);
        flush();
    }

    private void whole(TextLines.Line line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        String bytes = new String(line.raw(), StandardCharsets.ISO_8859_1);
        Matcher inner = INNER_RECORD.matcher(bytes);
        if (isFirst) {
            unended = bytes.startsWith("<") && inner.find();
            isFirst = false;
        }
        int start = 0;
        inner.reset();
        while (unended && inner.find()) {
            one(new TextLines.Line(line.offset() + start, Arrays.copyOfRange(line.raw(), start, inner.start())));
            start = inner.start();
        }
        one(new TextLines.Line(line.offset() + start, Arrays.copyOfRange(line.raw(), start, line.raw().length)));
    }

    private void one(TextLines.Line line) throws IOException {
        String text = withoutNuls(line.text());
        Optional<SyslogLine> read = SyslogFormat.read(text);
        if (read.isPresent()) {
            flush();
            pending = read;
            pendingOffset = line.offset();
            raw.writeBytes(line.raw());
            return;
        }
        if (SyslogFormat.isDamaged(text)) {
            flush();
            sink.rejected(line.offset(), "the time of this line cannot be read");
            return;
        }
        if (pending.isEmpty()) {
            sink.rejected(line.offset(), "text that no syslog line precedes");
            return;
        }
        more(line, text);
    }

    private void more(TextLines.Line line, String text) {
        if (raw.size() + line.raw().length > Limits.LINE) {
            sink.rejected(line.offset(), "the message before this line is already %d bytes long".formatted(raw.size()));
            return;
        }
        raw.write('\n');
        raw.writeBytes(line.raw());
        more.append('\n').append(text);
    }

    private void flush() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        SyslogLine line = pending.get();
        LogLine log = new LogLine(
                times.of(line.stamp(), pendingOffset),
                line.host(),
                line.program(),
                line.pid(),
                line.severityName(),
                line.facilityName(),
                line.messageId(),
                line.structuredData(),
                line.text() + more);
        sink.record(RecordLocator.bytes(pendingOffset, raw.toByteArray()), data(log));
        pending = Optional.empty();
        more = new StringBuilder();
        raw.reset();
    }

    private static EventData[] data(LogLine line) {
        Matcher repeated = REPEATED.matcher(line.text());
        if (!repeated.matches()) {
            return new EventData[] {LogMeaning.of(line).orElseGet(() -> new Syslog.Line(line))};
        }
        Optional<String> text = Optional.ofNullable(repeated.group(2));
        var count = new Syslog.Repeated(line, Long.parseLong(repeated.group(1)), text);
        return text.flatMap(inner -> LogMeaning.of(line.withText(inner)))
                .map(meaning -> new EventData[] {count, meaning})
                .orElseGet(() -> new EventData[] {count});
    }

    /// A crash can leave zeros where the next line begins.
    static String withoutNuls(String text) {
        int start = 0;
        while (start < text.length() && text.charAt(start) == 0) {
            start++;
        }
        return text.substring(start);
    }
}
