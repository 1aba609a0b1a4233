package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sessions and power-off as systemd-logind reports them. Texts as in systemd's `logind-session.c` and `logind-dbus.c`.
final class Logind {
    private static final Pattern NEW =
            Pattern.compile("New session '?([^\\s']+)'? of user '?([^\\s']+?)'?(?: with .*)?\\.?");
    private static final Pattern REMOVED = Pattern.compile("Removed session '?([^\\s'.]+)'?\\.?");
    private static final Pattern POWER = Pattern.compile(
            "(?:The system will (power off|reboot|halt|suspend|kexec)\\b.*|System is (powering down|rebooting|halting)\\b.*)");

    private Logind() {}

    static Optional<EventData> read(LogLine line) {
        Matcher started = NEW.matcher(line.text());
        if (started.matches()) {
            return Optional.of(new SessionNew(line, started.group(1), started.group(2)));
        }
        Matcher removed = REMOVED.matcher(line.text());
        if (removed.matches()) {
            return Optional.of(new SessionRemoved(line, removed.group(1)));
        }
        Matcher power = POWER.matcher(line.text());
        return power.matches()
                ? Optional.of(new Power(line, power.group(1) != null ? power.group(1) : power.group(2)))
                : Optional.empty();
    }

    @DataType("linux:logind:session_new")
    record SessionNew(
            LogLine line,
            @Field("session.id") String session,
            @Field("user.name") String user) implements EventData {
        @Override
        public String message() {
            return "Session %s of %s began".formatted(session, user);
        }
    }

    @DataType("linux:logind:session_removed")
    record SessionRemoved(LogLine line, @Field("session.id") String session) implements EventData {
        @Override
        public String message() {
            return "Session %s ended".formatted(session);
        }
    }

    @DataType("linux:logind:power")
    record Power(LogLine line, @Field("event.action") String action) implements EventData {
        @Override
        public String message() {
            return "The system was told to %s".formatted(action);
        }
    }
}
