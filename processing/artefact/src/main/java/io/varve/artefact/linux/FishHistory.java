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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Commands typed into fish: `~/.local/share/fish/fish_history`.
///
/// Format: fish-shell `src/history_file.rs` (formerly `history_file.cpp`), like YAML but not it: `- cmd: <text>` with
/// `\n`
/// and `\\` escaped, `  when: <seconds since 1970>`, and `  paths:` with the existing files among the arguments.
@AutoService(ArtefactParser.class)
public final class FishHistory implements ArtefactParser {
    private static final String COMMAND = "- cmd: ";
    private static final Pattern WHEN = Pattern.compile("\\s+when: (\\d{1,18})\\s*");
    private static final Pattern PATH = Pattern.compile("\\s+- (.*)");

    @Override
    public String name() {
        return "fish_history";
    }

    @Override
    public String dataType() {
        return "linux:fish";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return TextLines.head(head).stream()
                .findFirst()
                .filter(line -> line.startsWith(COMMAND))
                .isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var entries = new Entries(Home.owner(file.path()).orElse(""), sink);
        TextLines.each(file, sink, entries::line);
        entries.flush();
    }

    /// The entry being read.
    private static final class Entries {
        private final String user;
        private final EventSink sink;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private Optional<String> command = Optional.empty();
        private Optional<EventTime> time = Optional.empty();
        private List<String> paths = new ArrayList<>();
        private long offset;

        Entries(String user, EventSink sink) {
            this.user = user;
            this.sink = sink;
        }

        void line(TextLines.Line line) {
            String text = line.text();
            if (text.startsWith(COMMAND)) {
                flush();
                command = Optional.of(unescape(text.substring(COMMAND.length())));
                offset = line.offset();
                raw.writeBytes(line.raw());
                return;
            }
            if (text.isBlank()) {
                return;
            }
            if (command.isEmpty() || raw.size() + line.raw().length > Limits.LINE || !detail(text)) {
                sink.rejected(line.offset(), "not a line of a fish history entry");
                return;
            }
            raw.write('\n');
            raw.writeBytes(line.raw());
        }

        private boolean detail(String text) {
            Matcher when = WHEN.matcher(text);
            if (when.matches()) {
                time = Optional.of(EventTime.utc(Long.parseLong(when.group(1)), 0, Precision.SECOND));
                return true;
            }
            Matcher path = PATH.matcher(text);
            if (path.matches()) {
                return paths.add(unescape(path.group(1)));
            }
            return text.strip().equals("paths:");
        }

        void flush() {
            command.ifPresent(text ->
                    sink.record(RecordLocator.bytes(offset, raw.toByteArray()), new Command(time, user, text, paths)));
            command = Optional.empty();
            time = Optional.empty();
            paths = new ArrayList<>();
            raw.reset();
        }

        private static String unescape(String text) {
            var plain = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
                if (text.charAt(i) == '\\' && (next == '\\' || next == 'n')) {
                    plain.append(next == 'n' ? '\n' : '\\');
                    i++;
                } else {
                    plain.append(text.charAt(i));
                }
            }
            return plain.toString();
        }
    }

    @DataType("linux:fish:history")
    record Command(
            @Time("Content Modification Time") Optional<EventTime> time,
            @Field("user.name") String user,
            @Field("process.command_line") String command,
            @Field("fish.paths") List<String> paths)
            implements EventData {
        @Override
        public String message() {
            return "%s typed: %s".formatted(user.isEmpty() ? "Someone" : user, command);
        }
    }
}
