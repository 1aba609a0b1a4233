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
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Scheduled commands: `/etc/crontab`, `/etc/cron.d`, the crontabs of users, `/etc/anacrontab`.
///
/// Format: crontab(5), anacrontab(5). System crontabs name the user after the schedule; a user's own crontab is named
/// after its user. The time of an entry is when its file was last written, where the evidence states that.
@AutoService(ArtefactParser.class)
public final class Cron implements ArtefactParser {
    private static final Pattern SYSTEM = Pattern.compile("(?:.*/)?etc/(?:crontab|cron\\.d/[^/]+)");
    private static final Pattern ANACRON = Pattern.compile("(?:.*/)?etc/anacrontab");
    private static final Pattern USER = Pattern.compile("(?:.*/)?var/spool/cron/(?:crontabs/|tabs/|)([^/]+)");
    private static final Pattern SCHEDULE =
            Pattern.compile("\\s*(@\\w+|(?:[\\w*,/~?#-]+[ \\t]+){4}[\\w*,/~?#-]+)[ \\t]+(.*)");
    private static final Pattern ANACRON_SCHEDULE =
            Pattern.compile("\\s*(@\\w+|\\d{1,9})[ \\t]+(\\d{1,9})[ \\t]+(\\S+)[ \\t]+(.*)");
    private static final Pattern USER_COMMAND = Pattern.compile("(-?\\S+)[ \\t]+(.*)");
    private static final Pattern VARIABLE = Pattern.compile("\\s*[\"']?([A-Za-z_]\\w*)[\"']?\\s*=\\s*(.*)");

    @Override
    public String name() {
        return "cron";
    }

    @Override
    public String dataType() {
        return "linux:cron";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return SYSTEM.matcher(file.path()).matches()
                || ANACRON.matcher(file.path()).matches()
                || USER.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        Matcher owner = USER.matcher(file.path());
        Optional<String> user = owner.matches() ? Optional.of(owner.group(1)) : Optional.empty();
        boolean anacron = ANACRON.matcher(file.path()).matches();
        TextLines.each(file, sink, line -> {
            String text = line.text();
            if (text.isBlank() || text.stripLeading().startsWith("#")) {
                return;
            }
            Optional<EventData> data = anacron ? anacron(text, file.modified()) : entry(text, user, file.modified());
            data.or(() -> variable(text, file.modified()))
                    .ifPresentOrElse(
                            found -> sink.record(line.locator(), found),
                            () -> sink.rejected(line.offset(), "neither a schedule nor a variable"));
        });
    }

    private static Optional<EventData> entry(String text, Optional<String> owner, Optional<EventTime> modified) {
        Matcher entry = SCHEDULE.matcher(text);
        if (!entry.matches()) {
            return Optional.empty();
        }
        String schedule = entry.group(1).replaceAll("\\s+", " ");
        if (owner.isPresent()) {
            return Optional.of(
                    new Entry(modified, schedule, owner.get(), entry.group(2).strip()));
        }
        Matcher command = USER_COMMAND.matcher(entry.group(2));
        return command.matches()
                ? Optional.of(new Entry(
                        modified, schedule, command.group(1), command.group(2).strip()))
                : Optional.empty();
    }

    private static Optional<EventData> anacron(String text, Optional<EventTime> modified) {
        Matcher entry = ANACRON_SCHEDULE.matcher(text);
        if (!entry.matches()) {
            return Optional.empty();
        }
        String period = entry.group(1).startsWith("@") ? entry.group(1) : "every " + entry.group(1) + " days";
        String schedule = "%s, %s minutes after start, as %s".formatted(period, entry.group(2), entry.group(3));
        return Optional.of(new Entry(modified, schedule, "root", entry.group(4).strip()));
    }

    private static Optional<EventData> variable(String text, Optional<EventTime> modified) {
        Matcher variable = VARIABLE.matcher(text);
        return variable.matches()
                ? Optional.of(new Variable(
                        modified, variable.group(1), variable.group(2).strip()))
                : Optional.empty();
    }

    @DataType("linux:cron:entry")
    record Entry(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("cron.schedule") String schedule,
            @Field("user.name") String user,
            @Field("process.command_line") String command)
            implements EventData {
        @Override
        public String message() {
            return "Cron is to run as %s (%s): %s".formatted(user, schedule, command);
        }
    }

    @DataType("linux:cron:variable")
    record Variable(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Field("cron.variable") String name,
            @Field("cron.value") String value)
            implements EventData {
        @Override
        public String message() {
            return "Cron jobs run with %s=%s".formatted(name, value);
        }
    }
}
