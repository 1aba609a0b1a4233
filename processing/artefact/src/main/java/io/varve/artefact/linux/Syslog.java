package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// System logs: `/var/log/syslog`, `messages`, `auth.log`, `secure`, `cron.log` and every other file whose lines look
/// like
/// syslog. Logins, commands, account changes and cron runs get data types of their own, see [LogMeaning].
///
/// Format: RFC 3164, RFC 5424, and rsyslog's templates (TraditionalFileFormat, FileFormat, ForwardFormat,
/// SyslogProtocol23Format); ChromeOS puts the severity where the host is. A line that does not begin like a record goes
/// on the message before it.
@AutoService(ArtefactParser.class)
public final class Syslog implements ArtefactParser {
    private static final Pattern USUAL = Pattern.compile(
            "/var/log/(?:.*/)?(?:syslog|messages|secure|debug|authlog|maillog"
                    + "|cron|boot|(?:auth|kern|daemon|user|cron|mail|system|boot|sudo)\\.(?:log|err|info|warn))(?:[.-].*)?");
    private static final Pattern STRICT_ISO =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (?:\\S+ +)?[^\\s:\\[\\]]+(?:\\[\\d+\\]:?|:)(?: .*|$)");
    private static final int LOOKED_AT = 5;

    @Override
    public String name() {
        return "syslog";
    }

    @Override
    public String dataType() {
        return "linux:syslog";
    }

    /// After the parsers of logs that also look like syslog.
    @Override
    public int order() {
        return 200;
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        List<String> lines = TextLines.head(head).stream()
                .map(SyslogReader::withoutNuls)
                .filter(line -> !line.isBlank())
                .toList();
        if (USUAL.matcher(file.path()).matches()) {
            return lines.stream().anyMatch(line -> SyslogFormat.read(line).isPresent());
        }
        List<String> first = lines.subList(0, Math.min(LOOKED_AT, lines.size()));
        long like = first.stream().filter(Syslog::isSurely).count();
        return like > 0 && like * 2 >= first.size();
    }

    /// Other programs also begin their lines with ISO times, so those must go on like syslog.
    private static boolean isSurely(String line) {
        return SyslogFormat.read(line).isPresent()
                && (!Character.isDigit(line.charAt(0))
                        || STRICT_ISO.matcher(line).matches());
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        new SyslogReader(file, context, sink).read();
    }

    @DataType("linux:syslog:line")
    record Line(LogLine line) implements EventData {
        @Override
        public String message() {
            String text = line.prefix() + line.text();
            return text.isBlank() ? "(empty line)" : text;
        }
    }

    /// A message that the daemon counted instead of writing it again.
    @DataType("linux:syslog:repeated")
    record Repeated(
            LogLine line,
            @Field("event.count") long count,
            @Field("log.repeated") Optional<String> text) implements EventData {
        @Override
        public String message() {
            return "%s%s (repeated %d times)".formatted(line.prefix(), text.orElse("the last message"), count);
        }
    }
}
