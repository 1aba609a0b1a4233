package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.artefact.Utf8;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Commands typed into zsh: `~/.zsh_history`, plain or extended.
///
/// Format: zshoptions(1), `EXTENDED_HISTORY`: `: <seconds since 1970>:<duration>;<command>`; a backslash at the end of
/// a
/// line continues the command. Bytes that zsh uses itself are stored as 0x83 and the byte exclusive-or 32.
@AutoService(ArtefactParser.class)
public final class ZshHistory implements ArtefactParser {
    private static final Pattern NAME = Pattern.compile("\\.?(?:zsh_history|zhistory|histfile)(?:[.-].*)?");
    private static final Pattern EXTENDED = Pattern.compile(": +(\\d{1,18}):(\\d{1,18});(.*)", Pattern.DOTALL);
    private static final byte META = (byte) 0x83;

    @Override
    public String name() {
        return "zsh_history";
    }

    @Override
    public String dataType() {
        return "linux:zsh";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return NAME.matcher(file.name()).matches()
                || TextLines.head(head).stream()
                        .findFirst()
                        .filter(line -> EXTENDED.matcher(line).matches())
                        .isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        var entries = new Entries(Home.owner(file.path()).orElse(""), sink);
        TextLines.each(file, sink, entries::line);
        entries.flush();
    }

    /// The entry being read, which may go over several lines.
    private static final class Entries {
        private final String user;
        private final EventSink sink;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
        private long offset;

        Entries(String user, EventSink sink) {
            this.user = user;
            this.sink = sink;
        }

        void line(TextLines.Line line) {
            byte[] bytes = line.raw();
            if (raw.size() + bytes.length > Limits.LINE) {
                sink.warning(line.offset(), "a command of more than %d bytes was divided here".formatted(raw.size()));
                flush();
            }
            if (raw.size() == 0) {
                offset = line.offset();
            }
            boolean goesOn = bytes.length > 0 && bytes[bytes.length - 1] == '\\';
            raw.write(bytes, 0, goesOn ? bytes.length - 1 : bytes.length);
            if (goesOn) {
                raw.write('\n');
            } else {
                flush();
            }
        }

        void flush() {
            byte[] stored = raw.toByteArray();
            raw.reset();
            String text = Utf8.tolerant(plain(stored)).strip();
            if (text.isEmpty()) {
                return;
            }
            sink.record(RecordLocator.bytes(offset, stored), command(text));
        }

        private Command command(String text) {
            Matcher extended = EXTENDED.matcher(text);
            if (!extended.matches()) {
                return new Command(Optional.empty(), user, text, Optional.empty());
            }
            EventTime time = EventTime.utc(Long.parseLong(extended.group(1)), 0, Precision.SECOND);
            return new Command(
                    Optional.of(time), user, extended.group(3).strip(), Optional.of(Long.parseLong(extended.group(2))));
        }

        private static byte[] plain(byte[] stored) {
            var out = new ByteArrayOutputStream(stored.length);
            for (int i = 0; i < stored.length; i++) {
                boolean escaped = stored[i] == META && i + 1 < stored.length;
                out.write(escaped ? stored[++i] ^ 32 : stored[i]);
            }
            return out.toByteArray();
        }
    }

    @DataType("linux:zsh:history")
    record Command(
            @Time("Content Modification Time") Optional<EventTime> time,
            @Field("user.name") String user,
            @Field("process.command_line") String command,
            @Field("process.elapsed_seconds") Optional<Long> elapsed)
            implements EventData {
        @Override
        public String message() {
            return "%s typed: %s".formatted(user.isEmpty() ? "Someone" : user, command);
        }
    }
}
