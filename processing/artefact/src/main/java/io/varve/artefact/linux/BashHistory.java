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
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Commands typed into bash and the shells that write the same history: `~/.bash_history`, `.sh_history`.
///
/// Format: bash(1), "HISTORY" and `HISTTIMEFORMAT`. A line is a command; where times are kept, a line `#<seconds since
/// 1970>` precedes each command, which then goes on to the next such line. Commands without a time are undated, in
/// order.
@AutoService(ArtefactParser.class)
public final class BashHistory implements ArtefactParser {
    private static final Pattern NAME = Pattern.compile("\\.?(?:bash|sh|ash|dash|ksh)_history(?:[.-].*)?");
    private static final Pattern STAMP = Pattern.compile("#\\d{1,18}");
    private static final Pattern LIKELY_STAMP = Pattern.compile("#\\d{9,10}");

    @Override
    public String name() {
        return "bash_history";
    }

    @Override
    public String dataType() {
        return "linux:bash";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        if (NAME.matcher(file.name()).matches()) {
            return true;
        }
        List<String> lines = TextLines.head(head);
        return lines.size() > 1
                && LIKELY_STAMP.matcher(lines.get(0)).matches()
                && !LIKELY_STAMP.matcher(lines.get(1)).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var entries = new Entries(Home.owner(file.path()).orElse(""), sink);
        TextLines.each(file, sink, entries::line);
        entries.flush();
    }

    /// The entry being read: its time, then its lines.
    private static final class Entries {
        private final String user;
        private final EventSink sink;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private Optional<EventTime> time = Optional.empty();
        private StringBuilder command = new StringBuilder();
        private long offset;

        Entries(String user, EventSink sink) {
            this.user = user;
            this.sink = sink;
        }

        void line(TextLines.Line line) {
            String text = line.text();
            if (STAMP.matcher(text).matches()) {
                flush();
                offset = line.offset();
                time = Optional.of(EventTime.utc(Long.parseLong(text.substring(1)), 0, Precision.SECOND));
                raw.writeBytes(line.raw());
                return;
            }
            if (time.isEmpty()) {
                if (!text.isBlank()) {
                    sink.record(line.locator(), new Command(Optional.empty(), user, text));
                }
                return;
            }
            if (raw.size() + line.raw().length > Limits.LINE) {
                sink.rejected(
                        line.offset(), "the command before this line is already %d bytes long".formatted(raw.size()));
                return;
            }
            raw.write('\n');
            raw.writeBytes(line.raw());
            command.append(command.isEmpty() ? "" : "\n").append(text);
        }

        void flush() {
            if (time.isEmpty()) {
                return;
            }
            String text = command.toString().stripTrailing();
            if (text.isBlank()) {
                sink.rejected(offset, "a time that no command follows");
            } else {
                sink.record(RecordLocator.bytes(offset, raw.toByteArray()), new Command(time, user, text));
            }
            time = Optional.empty();
            command = new StringBuilder();
            raw.reset();
        }
    }

    @DataType("linux:bash:history")
    record Command(
            @Time("Content Modification Time") Optional<EventTime> time,
            @Field("user.name") String user,
            @Field("process.command_line") String command)
            implements EventData {
        @Override
        public String message() {
            return "%s typed: %s".formatted(user.isEmpty() ? "Someone" : user, command);
        }
    }
}
