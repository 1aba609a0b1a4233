package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.artefact.WallClock;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The log of Debian's package installer, `/var/log/dpkg.log`: every package installed, upgraded or removed.
///
/// Format: dpkg(1), "LOGGING"; `YYYY-MM-DD HH:MM:SS <action>` in local time, where the action is `startup`, `status`,
/// `conffile` or a package action with the installed and the available version (`<none>` for neither).
@AutoService(ArtefactParser.class)
public final class Dpkg implements ArtefactParser {
    private static final Pattern LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d) (\\S+)(?: (.*))?");
    private static final Pattern HEAD = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d (startup|status|conffile|install|upgrade|configure|trigproc|disappear"
                    + "|remove|purge) .*");

    @Override
    public String name() {
        return "dpkg";
    }

    @Override
    public String dataType() {
        return "linux:dpkg";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return TextLines.head(head).stream()
                .filter(line -> !line.isBlank())
                .findFirst()
                .filter(line -> HEAD.matcher(line).matches())
                .isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        TextLines.each(file, sink, line -> {
            if (!line.isBlank()) {
                data(line.text(), context)
                        .ifPresentOrElse(
                                data -> sink.record(line.locator(), data),
                                () -> sink.rejected(line.offset(), "not a line of dpkg's log"));
            }
        });
    }

    private static Optional<EventData> data(String text, EvidenceContext context) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return Optional.empty();
        }
        String action = line.group(3);
        String rest = Optional.ofNullable(line.group(4)).orElse("");
        try {
            LocalDateTime local = LocalDateTime.parse(line.group(1) + "T" + line.group(2));
            EventTime time = WallClock.read(context, local, Precision.SECOND, text.substring(0, line.end(2)));
            return Optional.of(data(time, action, rest));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static EventData data(EventTime time, String action, String rest) {
        String[] words = rest.split(" ", 4);
        return switch (action) {
            case "startup" -> new Startup(time, rest);
            case "conffile" -> new ConfigurationFile(time, words[0], words.length > 1 ? words[1] : "");
            case "status" ->
                words.length > 2
                        ? new Status(time, words[0], words[1], words[2])
                        : new Status(time, words[0], words.length > 1 ? words[1] : "", "");
            default ->
                new Action(time, action, words[0], words.length > 1 ? words[1] : "", words.length > 2 ? words[2] : "");
        };
    }

    @DataType("linux:dpkg:startup")
    record Startup(
            @Time("Added Time") EventTime time,
            @Field("dpkg.command") String command) implements EventData {
        @Override
        public String message() {
            return "dpkg started: " + command;
        }
    }

    @DataType("linux:dpkg:conffile")
    record ConfigurationFile(
            @Time("Added Time") EventTime time,
            @Field("file.path") String path,
            @Field("dpkg.decision") String decision)
            implements EventData {
        @Override
        public String message() {
            return "dpkg asked about the changed configuration file %s: %s".formatted(path, decision);
        }
    }

    @DataType("linux:dpkg:status")
    record Status(
            @Time("Added Time") EventTime time,
            @Field("dpkg.status") String status,
            @Field("package.name") String name,
            @Field("package.version") String version)
            implements EventData {
        @Override
        public String message() {
            return "Package %s %s is %s".formatted(name, version, status);
        }
    }

    @DataType("linux:dpkg:action")
    record Action(
            @Time("Added Time") EventTime time,
            @Field("event.action") String action,
            @Field("package.name") String name,
            @Field("package.previous_version") String before,
            @Field("package.version") String after)
            implements EventData {
        @Override
        public String message() {
            return "dpkg: %s %s, from %s to %s".formatted(action, name, before, after);
        }
    }
}
