package io.varve.artefact.linux;

import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.artefact.WallClock;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the lines of one console, in two passes: the first one looks for what dates the kernel's lines.
final class ConsoleReader {
    /// systemd's status output, and the line before it that says what begins.
    private static final Pattern STATUS = Pattern.compile(
            "\\[ {0,2}(OK|FAILED|DEPEND|INFO|WARN|WARNING|TIME|SKIP|ASSERT|[ *]{6}) {0,2}\\] {0,4}(\\S.*)",
            Pattern.DOTALL);
    private static final Pattern BEGUN = Pattern.compile(" {9}([A-Z][a-z]{1,20}ing \\S.*)", Pattern.DOTALL);

    /// A program that writes to `/dev/kmsg` or to the console itself.
    private static final Pattern PROGRAM =
            Pattern.compile("([A-Za-z_][\\w.+@-]{0,63})\\[(\\d{1,10})\\]: ?(.*)", Pattern.DOTALL);
    /// cloud-init's own log, in the machine's zone.
    private static final Pattern CLOUD_INIT_LOG =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d),(\\d{3}) - (\\S.*)", Pattern.DOTALL);

    private final EvidenceFile file;
    private final EvidenceContext context;
    private final EventSink sink;
    private final SyslogTimes times;
    private final ConsoleBoots.Walk walk = new ConsoleBoots.Walk();

    ConsoleReader(EvidenceFile file, EvidenceContext context, EventSink sink) {
        this.file = file;
        this.context = context;
        this.sink = sink;
        this.times = new SyslogTimes(file, context, sink, ConsoleText::plain);
    }

    void read() throws IOException {
        ConsoleBoots boots = ConsoleBoots.of(file, sink);
        TextLines.each(file, sink, line -> one(boots, line));
    }

    private void one(ConsoleBoots boots, TextLines.Line line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        String stored = line.text();
        List<ConsoleLine> parts = ConsoleLine.of(stored);
        if (parts.isEmpty()) {
            sink.rejected(line.offset(), "nothing but control characters and escape sequences");
            return;
        }
        var data = new ArrayList<EventData>();
        for (ConsoleLine part : parts) {
            data.add(data(boots, part, original(stored), line.offset()));
        }
        sink.record(line.locator(), data.toArray(EventData[]::new));
    }

    /// The line as stored, where it is not what is shown; empty where it is.
    private static String original(String stored) {
        return ConsoleText.plain(stored).equals(stored.replaceFirst("\\r{1,8}$", "")) ? "" : stored;
    }

    private EventData data(ConsoleBoots boots, ConsoleLine part, String original, long offset) throws IOException {
        int boot = walk.boot(part.stamp(), part.text());
        if (part.prompt().isPresent()) {
            return new Console.Prompt(part.prompt().get(), part.text(), original);
        }
        Optional<EventTime> stated = ConsoleAnchor.read(part.stamp(), part.text())
                .map(anchor -> new EventTime(
                        anchor.stated().getEpochSecond(),
                        0,
                        Precision.SECOND,
                        ZoneSource.EXPLICIT,
                        Optional.of(anchor.original()),
                        false));
        if (part.stamp().isPresent()) {
            ConsoleStamp stamp = part.stamp().get();
            Optional<EventTime> time = stated.or(() -> boots.time(boot, stamp));
            return ConsoleMeaning.of(kernel(stamp, time, part.text()).withExtraFields(extra(original, part.stamp())));
        }
        return unstamped(part.text(), stated, original, offset);
    }

    private static Map<String, Object> extra(String original, Optional<ConsoleStamp> stamp) {
        var extra = new HashMap<String, Object>();
        stamp.ifPresent(one -> extra.put("kernel.uptime", one.text()));
        if (!original.isEmpty()) {
            extra.put("event.original", original);
        }
        return Map.copyOf(extra);
    }

    private static LogLine kernel(ConsoleStamp stamp, Optional<EventTime> time, String text) {
        Matcher program = PROGRAM.matcher(text);
        return program.matches()
                ? line(time, program.group(1), Optional.of(program.group(2)), stamp.priority(), program.group(3))
                : line(time, "kernel", Optional.empty(), stamp.priority(), text);
    }

    private EventData unstamped(String text, Optional<EventTime> stated, String original, long offset)
            throws IOException {
        Map<String, Object> extra = extra(original, Optional.empty());
        Matcher status = STATUS.matcher(text);
        if (status.matches()) {
            String word = status.group(1).isBlank() || status.group(1).contains("*") ? "waiting" : status.group(1);
            return unit(status.group(2), word, extra);
        }
        Matcher begun = BEGUN.matcher(text);
        if (begun.matches()) {
            return unit(begun.group(1), "begun", extra);
        }
        Optional<LogLine> syslog = syslog(text, offset).or(() -> cloudInit(text));
        if (syslog.isPresent()) {
            return ConsoleMeaning.of(syslog.get().withExtraFields(extra));
        }
        Matcher program = PROGRAM.matcher(text);
        LogLine line = program.matches()
                ? line(stated, program.group(1), Optional.of(program.group(2)), OptionalInt.empty(), program.group(3))
                : line(stated, "", Optional.empty(), OptionalInt.empty(), text.strip());
        return ConsoleMeaning.of(line.withExtraFields(extra));
    }

    private static EventData unit(String text, String status, Map<String, Object> extra) {
        LogLine line = line(Optional.empty(), "systemd", Optional.empty(), OptionalInt.empty(), text.strip());
        return new Console.Unit(line.withExtraFields(extra), status.toLowerCase(java.util.Locale.ROOT));
    }

    private Optional<LogLine> syslog(String text, long offset) throws IOException {
        Optional<SyslogLine> read = SyslogFormat.read(text);
        if (read.isEmpty()) {
            if (SyslogFormat.isDamaged(text)) {
                sink.warning(offset, "the time of this line cannot be read: it is undated");
            }
            return Optional.empty();
        }
        SyslogLine line = read.get();
        return Optional.of(new LogLine(
                times.of(line.stamp(), offset),
                line.host(),
                line.program(),
                line.pid(),
                line.severityName(),
                line.facilityName(),
                line.messageId(),
                line.structuredData(),
                line.text()));
    }

    private Optional<LogLine> cloudInit(String text) {
        Matcher log = CLOUD_INIT_LOG.matcher(text);
        if (!log.matches()) {
            return Optional.empty();
        }
        try {
            String time = "%sT%s.%s".formatted(log.group(1), log.group(2), log.group(3));
            EventTime read =
                    WallClock.read(context, LocalDateTime.parse(time), Precision.MILLISECOND, text.substring(0, 23));
            return Optional.of(
                    line(Optional.of(read), "cloud-init", Optional.empty(), OptionalInt.empty(), log.group(4)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static LogLine line(
            Optional<EventTime> time, String program, Optional<String> pid, OptionalInt priority, String text) {
        return new LogLine(
                time,
                Optional.empty(),
                Optional.of(program).filter(name -> !name.isEmpty()),
                pid.map(Long::valueOf),
                priority.isPresent() ? SyslogLine.severityName(priority.getAsInt() & 7) : Optional.empty(),
                priority.isPresent() ? SyslogLine.facilityName(priority.getAsInt() >> 3) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                text);
    }
}
