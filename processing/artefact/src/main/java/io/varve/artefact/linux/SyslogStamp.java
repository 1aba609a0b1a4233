package io.varve.artefact.linux;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/// The time at the head of a syslog line, as far as the line states it.
sealed interface SyslogStamp {
    /// RFC 5424's `-`: the sender knew no time.
    record None() implements SyslogStamp {}

    /// A time with its own offset.
    record Exact(OffsetDateTime stated, EventTime time) implements SyslogStamp {}

    /// Month, day and time of day, local, without a year (0) or with one.
    record Local(int year, int month, int day, LocalTime clock, Precision precision, String original)
            implements SyslogStamp {}
}
