package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.binary.Limits;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Units of systemd and their drop-ins: what is started, as whom and when.
///
/// Format: systemd.syntax(7), systemd.unit(5). One record a file. Its time is when the file was last written, where the
/// evidence states that. Every setting is kept as `Section.Key=value`, in order.
@AutoService(ArtefactParser.class)
public final class SystemdUnit implements ArtefactParser {
    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?systemd/(?:system|user)/(?:.*/)?([^/]+\\.(?:service|timer|socket"
                    + "|path|mount|automount|swap|target|slice|scope|device)(?:\\.d/[^/]+\\.conf)?)");
    private static final Pattern PREFIX = Pattern.compile("^[-@:+!|]+");

    @Override
    public String name() {
        return "systemd_unit";
    }

    @Override
    public String dataType() {
        return "linux:systemd";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var name = PATH.matcher(file.path());
        var reader = new Reader(sink);
        TextLines.each(file, sink, reader::line);
        sink.record(
                RecordLocator.bytes(0, reader.raw.toByteArray()),
                reader.unit(file.modified(), name.matches() ? name.group(1) : file.name()));
    }

    /// Collects the settings; a backslash at the end continues a line.
    private static final class Reader {
        private final EventSink sink;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private final List<String> settings = new ArrayList<>();
        private StringBuilder joined = new StringBuilder();
        private String section = "";

        Reader(EventSink sink) {
            this.sink = sink;
        }

        void line(TextLines.Line line) {
            if (raw.size() + line.raw().length > Limits.LINE) {
                sink.warning(line.offset(), "more than a unit file can be; not read from here on");
                return;
            }
            raw.writeBytes(line.raw());
            raw.write('\n');
            String text = line.text().strip();
            if (text.startsWith("#") || text.startsWith(";")) {
                return;
            }
            if (text.endsWith("\\")) {
                joined.append(text, 0, text.length() - 1).append(' ');
                return;
            }
            String whole = joined.append(text).toString().strip();
            joined = new StringBuilder();
            setting(line.offset(), whole);
        }

        private void setting(long offset, String text) {
            if (text.startsWith("[") && text.endsWith("]")) {
                section = text.substring(1, text.length() - 1);
                return;
            }
            int equals = text.indexOf('=');
            if (equals > 0 && !section.isEmpty()) {
                settings.add(section + "." + text.substring(0, equals).strip() + "="
                        + text.substring(equals + 1).strip());
                return;
            }
            if (!text.isEmpty()) {
                sink.warning(offset, "neither a section nor a setting");
            }
        }

        Unit unit(Optional<EventTime> modified, String name) {
            String command = first("Service.ExecStart")
                    .or(() -> first("Socket.ExecStartPre"))
                    .orElse("");
            List<String> commands = settings.stream()
                    .filter(setting -> setting.matches("\\w+\\.Exec\\w+=(?s:.+)"))
                    .map(setting -> setting.substring(setting.indexOf('.') + 1))
                    .toList();
            List<String> schedule = settings.stream()
                    .filter(setting -> setting.startsWith("Timer.On"))
                    .map(setting -> setting.substring("Timer.".length()))
                    .toList();
            return new Unit(
                    modified,
                    name,
                    first("Unit.Description").orElse(""),
                    PREFIX.matcher(command).replaceFirst(""),
                    commands,
                    first("Service.User").orElse(""),
                    schedule,
                    settings);
        }

        private Optional<String> first(String key) {
            return settings.stream()
                    .filter(setting -> setting.startsWith(key + "="))
                    .map(setting -> setting.substring(key.length() + 1))
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        }
    }

    @DataType("linux:systemd:unit")
    record Unit(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("service.name") String name,
            @Field("systemd.description") String description,
            @Field("process.command_line") String command,
            @Field("systemd.commands") List<String> commands,
            @Field("user.name") String user,
            @Field("systemd.schedule") List<String> schedule,
            @Field("systemd.settings") List<String> settings)
            implements EventData {
        @Override
        public String message() {
            String what = description.isEmpty() ? "" : " (" + description + ")";
            String runs = command.isEmpty() ? "" : " runs " + command;
            String when = schedule.isEmpty() ? "" : " at " + String.join(", ", schedule);
            return "Systemd unit %s%s%s%s".formatted(name, what, runs, when);
        }
    }
}
