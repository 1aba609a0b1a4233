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

/// Which program a general name such as `editor` or `java` stands for, and since when: `/var/log/alternatives.log`.
///
/// Format: update-alternatives(1) and its source: `update-alternatives YYYY-MM-DD HH:MM:SS: <text>` in local time.
@AutoService(ArtefactParser.class)
public final class Alternatives implements ArtefactParser {
    private static final Pattern LINE =
            Pattern.compile("update-alternatives (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d): (.*)");
    private static final Pattern UPDATED = Pattern.compile("link group (\\S+) updated to point to (.*)");

    @Override
    public String name() {
        return "alternatives";
    }

    @Override
    public String dataType() {
        return "linux:alternatives";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return TextLines.head(head).stream()
                .findFirst()
                .filter(line -> line.startsWith("update-alternatives "))
                .isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        TextLines.each(file, sink, line -> {
            if (!line.isBlank()) {
                data(line.text(), context)
                        .ifPresentOrElse(
                                data -> sink.record(line.locator(), data),
                                () -> sink.rejected(line.offset(), "not a line of update-alternatives"));
            }
        });
    }

    private static Optional<EventData> data(String text, EvidenceContext context) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.parse(line.group(1) + "T" + line.group(2));
            EventTime time =
                    WallClock.read(context, local, Precision.SECOND, text.substring(line.start(1), line.end(2)));
            Matcher updated = UPDATED.matcher(line.group(3));
            return Optional.of(
                    updated.matches()
                            ? new Updated(time, updated.group(1), updated.group(2))
                            : new Note(time, line.group(3)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @DataType("linux:alternatives:updated")
    record Updated(
            @Time("Content Modification Time") EventTime time,
            @Field("alternatives.group") String group,
            @Field("file.path") String path)
            implements EventData {
        @Override
        public String message() {
            return "%s now stands for %s".formatted(group, path);
        }
    }

    @DataType("linux:alternatives:note")
    record Note(
            @Time("Content Modification Time") EventTime time,
            @Field("log.message") String text) implements EventData {
        @Override
        public String message() {
            return "update-alternatives: " + text;
        }
    }
}
