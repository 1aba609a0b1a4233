package io.varve.engine;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The zone that a compiled zone file (`/etc/localtime`) describes but does not name: the rule in its last line,
/// compared with the zones this machine knows.
///
/// Source: RFC 8536 (TZif), POSIX.1-2017 8.3 (`TZ`). A rule without summer time is its offset; one with it is the first
/// zone, by name, that has the same offsets through [#YEAR]. Older years may have had other rules.
final class PosixZone {
    private static final int YEAR = 2025;
    private static final String NAME = "(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{3,10}>)";
    private static final String OFFSET = "([+-]?\\d{1,3}(?::\\d{1,2}){0,2})";
    private static final String CHANGE = "M(\\d{1,2})\\.([1-5])\\.([0-6])(?:/" + OFFSET + ")?";
    private static final Pattern RULE =
            Pattern.compile(NAME + OFFSET + "(?:" + NAME + OFFSET + "?," + CHANGE + "," + CHANGE + ")?");

    private PosixZone() {}

    static Optional<ZoneId> ofTzif(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("TZif") || !text.endsWith("\n")) {
            return Optional.empty();
        }
        int start = text.lastIndexOf('\n', text.length() - 2);
        try {
            return start < 0 ? Optional.empty() : of(text.substring(start + 1, text.length() - 1));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<ZoneId> of(String rule) {
        Matcher match = RULE.matcher(rule);
        if (!match.matches()) {
            return Optional.empty();
        }
        int standard = -seconds(match.group(1));
        if (match.group(3) == null) {
            return Optional.of(standard == 0 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(standard));
        }
        int summer = match.group(2) == null ? standard + 3600 : -seconds(match.group(2));
        LocalDateTime begins = change(match, 3);
        LocalDateTime ends = change(match, 7);
        return ZoneId.getAvailableZoneIds().stream()
                .filter(name -> name.contains("/") && !name.startsWith("Etc/") && !name.startsWith("SystemV/"))
                .sorted()
                .map(ZoneId::of)
                .filter(zone -> changes(zone, begins, standard, summer) && changes(zone, ends, summer, standard))
                .findFirst();
    }

    /// Whether the zone goes from one offset to the other at this local time.
    private static boolean changes(ZoneId zone, LocalDateTime at, int before, int after) {
        var instant = at.toInstant(ZoneOffset.ofTotalSeconds(before));
        return zone.getRules().getOffset(instant.minusSeconds(1)).getTotalSeconds() == before
                && zone.getRules().getOffset(instant).getTotalSeconds() == after;
    }

    private static LocalDateTime change(Matcher match, int group) {
        int month = Integer.parseInt(match.group(group));
        int week = Integer.parseInt(match.group(group + 1));
        DayOfWeek day = DayOfWeek.of((Integer.parseInt(match.group(group + 2)) + 6) % 7 + 1);
        LocalDate date = LocalDate.of(YEAR, month, 1)
                .with(week == 5 ? TemporalAdjusters.lastInMonth(day) : TemporalAdjusters.dayOfWeekInMonth(week, day));
        String time = match.group(group + 3);
        return date.atStartOfDay().plusSeconds(time == null ? 2 * 3600 : seconds(time));
    }

    private static int seconds(String text) {
        String[] parts = text.replaceAll("[+-]", "").split(":");
        int seconds = 0;
        int unit = 3600;
        for (String part : parts) {
            seconds += Integer.parseInt(part) * unit;
            unit /= 60;
        }
        return text.startsWith("-") ? -seconds : seconds;
    }
}
