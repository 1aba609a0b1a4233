package io.varve.artefact.linux;

import io.varve.event.EventTime;
import io.varve.event.ExtraFields;
import io.varve.event.Field;
import io.varve.event.Time;
import java.util.Map;
import java.util.Optional;

/// What every line of a system log says, whichever log carried it; shared by all data read from log lines.
///
/// @param time absent when the line states none
/// @param program what wrote the line, e.g. `sshd`
/// @param severity name as RFC 5424 has it, e.g. `err`
/// @param facility name as RFC 5424 has it, e.g. `authpriv`
/// @param messageId RFC 5424 message identifier
/// @param structuredData RFC 5424 structured data as stored
/// @param text the message as stored
/// @param extraFields what else the log keeps of the line, e.g. a journal's own fields
public record LogLine(
        @Time("Content Modification Time") Optional<EventTime> time,
        @Field("host.name") Optional<String> host,
        @Field("process.name") Optional<String> program,
        @Field("process.pid") Optional<Long> pid,
        @Field("log.syslog.severity.name") Optional<String> severity,
        @Field("log.syslog.facility.name") Optional<String> facility,
        @Field("log.syslog.msgid") Optional<String> messageId,
        @Field("log.syslog.structured_data") Optional<String> structuredData,
        @Field("log.message") String text,
        Map<String, Object> extraFields)
        implements ExtraFields {

    /// A line of a log that keeps nothing else.
    public LogLine(
            Optional<EventTime> time,
            Optional<String> host,
            Optional<String> program,
            Optional<Long> pid,
            Optional<String> severity,
            Optional<String> facility,
            Optional<String> messageId,
            Optional<String> structuredData,
            String text) {
        this(time, host, program, pid, severity, facility, messageId, structuredData, text, Map.of());
    }

    /// The same line with another text, e.g. the one inside "message repeated".
    public LogLine withText(String other) {
        return new LogLine(time, host, program, pid, severity, facility, messageId, structuredData, other, extraFields);
    }

    /// The same line with what else its log keeps.
    public LogLine withExtraFields(Map<String, Object> more) {
        return new LogLine(time, host, program, pid, severity, facility, messageId, structuredData, text, more);
    }

    /// `program[pid]: ` as far as it is known.
    public String prefix() {
        String number = pid.map(value -> "[" + value + "]").orElse("");
        return program.map(name -> name + number + ": ").orElse("");
    }
}
