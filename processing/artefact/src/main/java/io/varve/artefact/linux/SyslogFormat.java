package io.varve.artefact.linux;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes one line of syslog apart, in any of its forms: RFC 5424, ISO 8601 (rsyslog's FileFormat and ForwardFormat,
/// ChromeOS), and the traditional one of RFC 3164 with or without a year, a fraction of a second or a priority.
final class SyslogFormat {
    private static final Pattern PRIORITY = Pattern.compile("<(\\d{1,3})>");
    private static final Pattern RFC5424 =
            Pattern.compile("1 (\\S+) (\\S{1,255}) (\\S{1,255}) (\\S{1,128}) (\\S{1,255}) ");
    private static final Pattern ISO =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,](\\d{1,9}))?(?:Z|[+-]\\d\\d:?\\d\\d)) +");
    private static final Pattern TRADITIONAL = Pattern.compile(
            "([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (?:(\\d{4}) )?(\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,9}))?(: | )");
    private static final Pattern DAMAGED = Pattern.compile(
            "(?:<\\d{1,3}>)?(?:1 )?(?:[A-Za-z]{3} {1,2}\\d{1,2} (?:\\d{4} )?|\\d{4}-\\d\\d-\\d\\dT)\\d\\d:\\d\\d:\\d\\d.*",
            Pattern.DOTALL);
    private static final Pattern TAG =
            Pattern.compile("([^\\s:\\[\\]]{1,128})\\[(\\d{1,10})\\]:?|([^\\s\\[\\]]{1,128}):");
    private static final Pattern BARE_TAG = Pattern.compile("([\\w./-]*[A-Za-z][\\w./-]*)(?: |$)");
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Set<String> SEVERITIES =
            Set.of("EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG");

    private SyslogFormat() {}

    /// The line taken apart; empty when it does not begin like any form of syslog.
    static Optional<SyslogLine> read(String text) {
        OptionalInt priority = OptionalInt.empty();
        int start = 0;
        Matcher number = PRIORITY.matcher(text);
        if (number.lookingAt()) {
            priority = OptionalInt.of(Integer.parseInt(number.group(1)));
            start = number.end();
            Matcher head = RFC5424.matcher(text).region(start, text.length());
            if (head.lookingAt()) {
                return rfc5424(text, head, priority);
            }
        }
        Matcher iso = ISO.matcher(text).region(start, text.length());
        if (iso.lookingAt()) {
            OptionalInt stated = priority;
            return exact(iso.group(1)).map(stamp -> iso(stamp, stated, text.substring(iso.end())));
        }
        Matcher old = TRADITIONAL.matcher(text).region(start, text.length());
        if (!old.lookingAt()) {
            return Optional.empty();
        }
        OptionalInt stated = priority;
        return local(old).map(stamp -> traditional(stamp, stated, old.group(6), text.substring(old.end())));
    }

    /// Whether the line begins like a record and has no readable time: a damaged record, not more text of the last one.
    static boolean isDamaged(String text) {
        return text.length() > 15
                && DAMAGED.matcher(text.substring(0, Math.min(text.length(), 64)))
                        .matches();
    }

    private static Optional<SyslogLine> rfc5424(String text, Matcher head, OptionalInt priority) {
        String rest = text.substring(head.end());
        int end = structuredDataEnd(rest);
        String data = rest.substring(0, end);
        String message = rest.substring(end).strip();
        Optional<SyslogStamp> stamp =
                head.group(1).equals("-") ? Optional.of(new SyslogStamp.None()) : exact(head.group(1));
        Optional<String> process = value(head.group(4));
        return stamp.map(time -> new SyslogLine(
                time,
                priority,
                Optional.empty(),
                value(head.group(2)),
                value(head.group(3)),
                process.filter(text1 -> text1.matches("\\d{1,10}")).map(Long::valueOf),
                value(head.group(5)),
                value(data),
                message.startsWith("\ufeff") ? message.substring(1) : message));
    }

    /// Structured data is `-` or elements in brackets whose quoted values escape `"`, `\` and `]`.
    private static int structuredDataEnd(String rest) {
        int end = 0;
        boolean quoted = false;
        boolean inside = false;
        while (end < rest.length()) {
            char c = rest.charAt(end);
            if (quoted && c == '\\') {
                end++;
            } else if (inside && c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '[') {
                inside = true;
            } else if (!quoted && c == ']') {
                inside = false;
            } else if (!inside && c == ' ') {
                return end;
            }
            end++;
        }
        return inside || quoted ? 0 : Math.min(end, rest.length());
    }

    private static Optional<String> value(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(text);
    }

    private static SyslogLine iso(SyslogStamp stamp, OptionalInt priority, String rest) {
        int space = rest.indexOf(' ');
        String first = space < 0 ? rest : rest.substring(0, space);
        String after = space < 0 ? "" : rest.substring(space).stripLeading();
        if (SEVERITIES.contains(first)) {
            return tagged(
                    stamp, priority, Optional.of(first.toLowerCase(java.util.Locale.ROOT)), Optional.empty(), after);
        }
        if (TAG.matcher(first).matches()) {
            return tagged(stamp, priority, Optional.empty(), Optional.empty(), rest);
        }
        return tagged(stamp, priority, Optional.empty(), Optional.of(first), after);
    }

    private static SyslogLine traditional(SyslogStamp stamp, OptionalInt priority, String separator, String rest) {
        if (separator.startsWith(":") || rest.startsWith("--")) {
            return untagged(stamp, priority, Optional.empty(), Optional.empty(), rest);
        }
        int space = rest.indexOf(' ');
        String first = space < 0 ? rest : rest.substring(0, space);
        if (TAG.matcher(first).matches()) {
            return tagged(stamp, priority, Optional.empty(), Optional.empty(), rest);
        }
        String after = space < 0 ? "" : rest.substring(space).stripLeading();
        return tagged(stamp, priority, Optional.empty(), Optional.of(first), after);
    }

    private static SyslogLine tagged(
            SyslogStamp stamp, OptionalInt priority, Optional<String> severity, Optional<String> host, String rest) {
        Matcher tag = TAG.matcher(rest);
        if (tag.lookingAt()) {
            String program = tag.group(1) != null ? tag.group(1) : tag.group(3);
            Optional<Long> pid = Optional.ofNullable(tag.group(2)).map(Long::valueOf);
            return new SyslogLine(
                    stamp,
                    priority,
                    severity,
                    host,
                    Optional.of(program),
                    pid,
                    Optional.empty(),
                    Optional.empty(),
                    rest.substring(tag.end()).strip());
        }
        Matcher bare = BARE_TAG.matcher(rest);
        if (!bare.lookingAt()) {
            return untagged(stamp, priority, severity, host, rest);
        }
        return new SyslogLine(
                stamp,
                priority,
                severity,
                host,
                Optional.of(bare.group(1)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rest.substring(bare.end()).strip());
    }

    private static SyslogLine untagged(
            SyslogStamp stamp, OptionalInt priority, Optional<String> severity, Optional<String> host, String rest) {
        return new SyslogLine(
                stamp,
                priority,
                severity,
                host,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rest.strip());
    }

    private static Optional<SyslogStamp> exact(String text) {
        try {
            String iso = text.replace(',', '.').replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
            OffsetDateTime stated = OffsetDateTime.parse(iso);
            int dot = iso.indexOf('.');
            int digits = dot < 0
                    ? 0
                    : (int) iso.substring(dot + 1)
                            .chars()
                            .takeWhile(Character::isDigit)
                            .count();
            return Optional.of(new SyslogStamp.Exact(
                    stated,
                    new EventTime(
                            stated.toEpochSecond(),
                            stated.getNano(),
                            precision(digits),
                            ZoneSource.EXPLICIT,
                            Optional.of(text),
                            false)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<SyslogStamp> local(Matcher head) {
        int month = MONTHS.indexOf(head.group(1)) + 1;
        int day = Integer.parseInt(head.group(2));
        if (month == 0 || day < 1 || day > 31) {
            return Optional.empty();
        }
        String fraction = Optional.ofNullable(head.group(5)).orElse("");
        try {
            LocalTime clock = LocalTime.parse(head.group(4) + (fraction.isEmpty() ? "" : "." + fraction));
            int year = head.group(3) == null ? 0 : Integer.parseInt(head.group(3));
            String original = head.group().replaceFirst("[: ]+$", "");
            return Optional.of(new SyslogStamp.Local(year, month, day, clock, precision(fraction.length()), original));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Precision precision(int digits) {
        if (digits == 0) {
            return Precision.SECOND;
        }
        if (digits <= 3) {
            return Precision.MILLISECOND;
        }
        return digits <= 6 ? Precision.MICROSECOND : Precision.NANOSECOND;
    }
}
