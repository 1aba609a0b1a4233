package io.varve.artefact.linux;

import io.varve.artefact.EvidenceContext;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One journal entry: what a service, the kernel or journald itself logged.
///
/// The well-known fields get their event names, all others keep their own (systemd.journal-fields(7)). The time is the
/// one journald stamped on receipt; `_SOURCE_REALTIME_TIMESTAMP` stays a field.
@DataType("linux:journal:entry")
record JournalEntry(
        @Time("Recorded Time") EventTime recordedAt,
        String text,
        @Field("host.name") Optional<String> host,
        @Field("user.id") Optional<String> userId,
        @Field("user.name") Optional<String> user,
        @Field("process.name") Optional<String> process,
        @Field("process.pid") Optional<Long> pid,
        @Field("process.executable") Optional<String> executable,
        @Field("process.command_line") Optional<String> commandLine,
        @Field("systemd.unit") Optional<String> unit,
        @Field("log.syslog.priority") Optional<Long> priority,
        @Field("journal.boot_id") String bootId,
        @Field("journal.monotonic_microseconds") long monotonic,
        Map<String, Object> extraFields)
        implements EventData {

    static JournalEntry of(JournalFile.Entry entry, EvidenceContext context) {
        Map<String, Object> rest = byName(entry.fields());
        Optional<String> userId = take(rest, "_UID");
        return new JournalEntry(
                EventTime.ofMicros(entry.realtime()),
                take(rest, "MESSAGE").orElse(""),
                take(rest, "_HOSTNAME").or(context::host),
                userId,
                userId.map(context::user),
                take(rest, "SYSLOG_IDENTIFIER").or(() -> take(rest, "_COMM")),
                number(rest, "_PID").or(() -> number(rest, "SYSLOG_PID")),
                take(rest, "_EXE"),
                take(rest, "_CMDLINE"),
                take(rest, "UNIT").or(() -> take(rest, "_SYSTEMD_UNIT")),
                number(rest, "PRIORITY"),
                entry.bootId(),
                entry.monotonic(),
                rest);
    }

    private static Map<String, Object> byName(List<JournalData> fields) {
        var values = new LinkedHashMap<String, Object>(fields.size() * 2);
        for (JournalData field : fields) {
            values.merge(field.name(), field.value(), JournalEntry::both);
        }
        return values;
    }

    private static Object both(Object before, Object after) {
        var values = new ArrayList<Object>();
        if (before instanceof List<?> list) {
            values.addAll(list);
        } else {
            values.add(before);
        }
        values.add(after);
        return values;
    }

    /// Removes and returns a field that has one value; of several all stay where they are.
    private static Optional<String> take(Map<String, Object> values, String name) {
        if (values.get(name) instanceof String text) {
            values.remove(name);
            return Optional.of(text);
        }
        return Optional.empty();
    }

    private static Optional<Long> number(Map<String, Object> values, String name) {
        if (values.get(name) instanceof String text && isNumber(text)) {
            values.remove(name);
            return Optional.of(Long.parseLong(text));
        }
        return Optional.empty();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String message() {
        String who = process.orElse("unknown process");
        if (text.isEmpty()) {
            return who + " logged an entry without a message";
        }
        return pid.isPresent() ? who + "[" + pid.get() + "]: " + text : who + ": " + text;
    }
}
