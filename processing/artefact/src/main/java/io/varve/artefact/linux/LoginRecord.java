package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.util.List;
import java.util.Optional;

/// What a login record says, by its type.
sealed interface LoginRecord extends EventData {
    /// Names of the types as utmp(5) has them, by number.
    List<String> TYPES = List.of(
            "EMPTY",
            "RUN_LVL",
            "BOOT_TIME",
            "NEW_TIME",
            "OLD_TIME",
            "INIT_PROCESS",
            "LOGIN_PROCESS",
            "USER_PROCESS",
            "DEAD_PROCESS",
            "ACCOUNTING");

    /// A user logged on to a terminal.
    @DataType("linux:utmp:logon")
    record Logon(
            @Time("Content Modification Time") EventTime time,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip,
            @Field("process.pid") long pid,
            @Field("utmp.type") String type,
            @Field("utmp.id") String id)
            implements LoginRecord {
        @Override
        public String message() {
            return "%s logged on at %s%s".formatted(user, place(terminal), new Origin(address, ip).phrase());
        }
    }

    /// A session on a terminal ended; the record rarely says whose.
    @DataType("linux:utmp:logoff")
    record Logoff(
            @Time("Content Modification Time") EventTime time,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip,
            @Field("process.pid") long pid,
            @Field("utmp.type") String type,
            @Field("utmp.id") String id)
            implements LoginRecord {
        @Override
        public String message() {
            String whose = user.isEmpty() ? "" : " of " + user;
            return "The session%s at %s ended (process %d)".formatted(whose, place(terminal), pid);
        }
    }

    /// A logon was refused.
    @DataType("linux:utmp:failed_logon")
    record FailedLogon(
            @Time("Content Modification Time") EventTime time,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip,
            @Field("process.pid") long pid,
            @Field("utmp.type") String type,
            @Field("event.outcome") String outcome)
            implements LoginRecord {
        @Override
        public String message() {
            String who = user.isEmpty() ? "an unnamed user" : user;
            return "Logon of %s at %s failed%s".formatted(who, place(terminal), new Origin(address, ip).phrase());
        }
    }

    /// The system started.
    @DataType("linux:utmp:boot")
    record Boot(
            @Time("Content Modification Time") EventTime time,
            @Field("host.os.kernel") Optional<String> kernel,
            @Field("utmp.type") String type)
            implements LoginRecord {
        @Override
        public String message() {
            return "The system started" + kernel.map(k -> " with kernel " + k).orElse("");
        }
    }

    /// The run level changed, or the system was shut down.
    @DataType("linux:utmp:run_level")
    record RunLevel(
            @Time("Content Modification Time") EventTime time,
            @Field("utmp.run_level") String level,
            @Field("host.os.kernel") Optional<String> kernel,
            @Field("utmp.type") String type)
            implements LoginRecord {
        @Override
        public String message() {
            return level.equals("shutdown") ? "The system was shut down" : "The system entered run level " + level;
        }
    }

    /// The clock was set: one record holds the time before, one the time after.
    @DataType("linux:utmp:clock_change")
    record ClockChange(
            @Time("Content Modification Time") EventTime time,
            @Field("utmp.type") String type) implements LoginRecord {
        @Override
        public String message() {
            return type.equals("OLD_TIME") ? "The clock was set; time before" : "The clock was set; time after";
        }
    }

    /// A terminal waits for a logon, or a slot that keeps the remains of an older record.
    @DataType("linux:utmp:entry")
    record Other(
            @Time("Content Modification Time") EventTime time,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip,
            @Field("process.pid") long pid,
            @Field("utmp.type") String type)
            implements LoginRecord {
        @Override
        public String message() {
            return switch (type) {
                case "EMPTY" -> "A cleared login record keeps a time (process %d)".formatted(pid);
                case "INIT_PROCESS" -> "init started process %d at %s".formatted(pid, place(terminal));
                case "LOGIN_PROCESS" -> "%s waits for a logon (process %d)".formatted(place(terminal), pid);
                default -> "Login record %s at %s (process %d)".formatted(type, place(terminal), pid);
            };
        }
    }

    /// The terminal, and that it is this very machine for consoles and serial lines.
    private static String place(String terminal) {
        if (terminal.isEmpty()) {
            return "an unnamed terminal";
        }
        return terminal.matches("tty.+|console|hvc\\d+") ? terminal + " (localhost)" : terminal;
    }

    static LoginRecord logon(UtmpLayout.Entry entry) {
        Origin origin = entry.origin();
        return new Logon(
                entry.time(),
                entry.user(),
                entry.line(),
                origin.address(),
                origin.ip(),
                entry.pid(),
                TYPES.get(entry.type()),
                entry.id());
    }

    static LoginRecord logoff(UtmpLayout.Entry entry) {
        Origin origin = entry.origin();
        return new Logoff(
                entry.time(),
                entry.user(),
                entry.line(),
                origin.address(),
                origin.ip(),
                entry.pid(),
                TYPES.get(entry.type()),
                entry.id());
    }

    static LoginRecord failed(UtmpLayout.Entry entry) {
        Origin origin = entry.origin();
        return new FailedLogon(
                entry.time(),
                entry.user(),
                entry.line(),
                origin.address(),
                origin.ip(),
                entry.pid(),
                TYPES.get(entry.type()),
                "failure");
    }

    static LoginRecord boot(UtmpLayout.Entry entry) {
        return new Boot(entry.time(), entry.origin().address(), TYPES.get(entry.type()));
    }

    static LoginRecord runLevel(UtmpLayout.Entry entry) {
        int level = entry.pid() & 0xff;
        boolean named = level >= '0' && level <= 'z';
        String text = entry.user().equals("shutdown") || !named ? entry.user() : String.valueOf((char) level);
        return new RunLevel(entry.time(), text, entry.origin().address(), TYPES.get(entry.type()));
    }

    static LoginRecord clockChange(UtmpLayout.Entry entry) {
        return new ClockChange(entry.time(), TYPES.get(entry.type()));
    }

    static LoginRecord other(UtmpLayout.Entry entry) {
        Origin origin = entry.origin();
        return new Other(
                entry.time(),
                entry.user().equals("LOGIN") ? "" : entry.user(),
                entry.line(),
                origin.address(),
                origin.ip(),
                entry.pid(),
                TYPES.get(entry.type()));
    }
}
