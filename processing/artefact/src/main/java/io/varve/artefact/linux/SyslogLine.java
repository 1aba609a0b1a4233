package io.varve.artefact.linux;

import java.util.Optional;
import java.util.OptionalInt;

/// One syslog line taken apart; what it does not state is empty.
record SyslogLine(
        SyslogStamp stamp,
        OptionalInt priority,
        Optional<String> severity,
        Optional<String> host,
        Optional<String> program,
        Optional<Long> pid,
        Optional<String> messageId,
        Optional<String> structuredData,
        String text) {
    private static final String[] SEVERITIES = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    private static final String[] FACILITIES = {
        "kern",
        "user",
        "mail",
        "daemon",
        "auth",
        "syslog",
        "lpr",
        "news",
        "uucp",
        "cron",
        "authpriv",
        "ftp",
        "ntp",
        "audit",
        "alert",
        "clock",
        "local0",
        "local1",
        "local2",
        "local3",
        "local4",
        "local5",
        "local6",
        "local7"
    };

    /// Severity by the priority value, else as the line spells it.
    Optional<String> severityName() {
        return priority.isPresent() ? severityName(priority.getAsInt() & 7) : severity;
    }

    Optional<String> facilityName() {
        return facilityName(priority.orElse(-1) >> 3);
    }

    static Optional<String> severityName(long severity) {
        return severity >= 0 && severity < SEVERITIES.length
                ? Optional.of(SEVERITIES[(int) severity])
                : Optional.empty();
    }

    static Optional<String> facilityName(long facility) {
        return facility >= 0 && facility < FACILITIES.length
                ? Optional.of(FACILITIES[(int) facility])
                : Optional.empty();
    }
}
