package io.varve.artefact.linux;

import io.varve.artefact.EvidenceContext;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/// One journal entry: what a service, the kernel or journald itself logged.
///
/// The well-known fields get their event names, all others keep their own (systemd.journal-fields(7)). The time is the
/// one journald stamped on receipt; `_SOURCE_REALTIME_TIMESTAMP` stays a field.
@DataType("linux:journal:entry")
record JournalEntry(
        LogLine line,
        @Field("user.id") Optional<String> userId,
        @Field("user.name") Optional<String> user,
        @Field("process.executable") Optional<String> executable,
        @Field("process.command_line") Optional<String> commandLine,
        @Field("systemd.unit") Optional<String> unit,
        @Field("journal.boot_id") String bootId,
        @Field("journal.monotonic_microseconds") long monotonic)
        implements EventData {

    /// What the entry means where its message is one we know, as in a system log; else the entry itself.
    static EventData of(JournalFile.Entry stored, EvidenceContext context) {
        JournalEntry entry = read(stored, context);
        return LogMeaning.of(entry.line)
                .flatMap(known -> LogMeaning.of(entry.line.withExtraFields(entry.allFields())))
                .orElse(entry);
    }

    private static JournalEntry read(JournalFile.Entry stored, EvidenceContext context) {
        Map<String, Object> rest = byName(stored.fields());
        Optional<String> userId = take(rest, "_UID");
        var line = new LogLine(
                Optional.of(EventTime.ofMicros(stored.realtime())),
                take(rest, "_HOSTNAME").or(context::host),
                take(rest, "SYSLOG_IDENTIFIER").or(() -> take(rest, "_COMM")),
                number(rest, "_PID").or(() -> number(rest, "SYSLOG_PID")),
                named(rest, "PRIORITY", SyslogLine::severityName),
                named(rest, "SYSLOG_FACILITY", SyslogLine::facilityName),
                Optional.empty(),
                Optional.empty(),
                take(rest, "MESSAGE").orElse(""),
                rest);
        return new JournalEntry(
                line,
                userId,
                userId.map(context::user),
                take(rest, "_EXE"),
                take(rest, "_CMDLINE"),
                take(rest, "UNIT").or(() -> take(rest, "_SYSTEMD_UNIT")),
                stored.bootId(),
                stored.monotonic());
    }

    /// The fields beside the line; the user is that of the process, not the one the message is about.
    private Map<String, Object> allFields() {
        var fields = new LinkedHashMap<String, Object>();
        userId.ifPresent(value -> fields.put("process.user.id", value));
        user.ifPresent(value -> fields.put("process.user.name", value));
        executable.ifPresent(value -> fields.put("process.executable", value));
        commandLine.ifPresent(value -> fields.put("process.command_line", value));
        unit.ifPresent(value -> fields.put("systemd.unit", value));
        fields.put("journal.boot_id", bootId);
        fields.put("journal.monotonic_microseconds", monotonic);
        fields.putAll(line.extraFields());
        return fields;
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

    /// The name of a number; one without a name stays where it is.
    private static Optional<String> named(
            Map<String, Object> values, String field, LongFunction<Optional<String>> names) {
        if (!(values.get(field) instanceof String text) || !isNumber(text)) {
            return Optional.empty();
        }
        Optional<String> name = names.apply(Long.parseLong(text));
        name.ifPresent(found -> values.remove(field));
        return name;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String message() {
        return line.text().isEmpty() ? line.prefix() + "an entry without a message" : line.prefix() + line.text();
    }
}
