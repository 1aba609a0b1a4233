package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When passwords were last changed: `/etc/shadow` and the copy kept beside it. The hashes themselves are not read out.
///
/// Format: shadow(5), `name:hash:days since 1970 of the last change:…` in nine columns.
@AutoService(ArtefactParser.class)
public final class Shadow implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?etc/shadow-?");
    private static final Pattern LINE = Pattern.compile("([^:]+):([^:]*):(\\d{0,7})(?::[^:]*){6}");
    private static final Pattern METHOD = Pattern.compile("!?\\$([^$]{1,20})\\$.*");
    private static final long DAY = 86_400;

    @Override
    public String name() {
        return "shadow";
    }

    @Override
    public String dataType() {
        return "linux:shadow";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        TextLines.each(file, sink, line -> {
            if (line.isBlank()) {
                return;
            }
            Matcher account = LINE.matcher(line.text());
            if (!account.matches()) {
                sink.rejected(line.offset(), "not an account of nine columns");
                return;
            }
            Optional<EventTime> changed = Optional.of(account.group(3))
                    .filter(days -> !days.isEmpty() && !days.equals("0"))
                    .map(days -> EventTime.utc(Long.parseLong(days) * DAY, 0, Precision.DAY));
            sink.record(line.locator(), new Password(changed, account.group(1), state(account.group(2))));
        });
    }

    private static String state(String hash) {
        if (hash.isEmpty()) {
            return "no password needed";
        }
        Matcher method = METHOD.matcher(hash);
        if (method.matches()) {
            String lock = hash.startsWith("!") ? "locked, " : "";
            return lock + "hash method " + method.group(1);
        }
        return hash.startsWith("!") || hash.startsWith("*") ? "no login by password" : "hash method DES";
    }

    @DataType("linux:shadow:password")
    record Password(
            @Time("Password Change Time") Optional<EventTime> changed,
            @Field("user.name") String user,
            @Field("account.password") String state)
            implements EventData {
        @Override
        public String message() {
            return "The password of %s was last changed (%s)".formatted(user, state);
        }
    }
}
