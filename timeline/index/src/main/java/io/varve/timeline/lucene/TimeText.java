package io.varve.timeline.lucene;

import io.varve.timeline.QueryException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A time as typed in a question, as exact as it was typed: `2026`, `2026-11`, `2026-11-22`, `2026-11-22T10:15`,
/// `2026-11-22T10:15:30.5Z`. Without an offset it is UTC.
///
/// @param end first instant after it
record TimeText(Instant first, Instant end) {
    private static final Pattern FORM = Pattern.compile("(\\d{4})(?:-(\\d{2}))?(?:-(\\d{2}))?"
            + "(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})([.,]\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})?)?");

    /// @throws QueryException when it is not a time
    static TimeText of(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches() || (parts.group(4) != null && parts.group(3) == null)) {
            throw new QueryException("not a time: " + text + " (use 2026-11-22 or 2026-11-22T10:15:30Z)");
        }
        try {
            return of(parts);
        } catch (DateTimeException e) {
            throw new QueryException("not a time: " + text, e);
        }
    }

    private static TimeText of(Matcher parts) {
        LocalDateTime local = LocalDateTime.of(
                number(parts, 1, 0),
                number(parts, 2, 1),
                number(parts, 3, 1),
                number(parts, 4, 0),
                number(parts, 5, 0),
                number(parts, 6, 0));
        String fraction = parts.group(7);
        if (fraction != null) {
            long nanos = Long.parseLong((fraction.substring(1) + "00000000").substring(0, 9));
            Instant first = instant(local, parts).plusNanos(nanos);
            return new TimeText(first, first.plusNanos((long) Math.pow(10, 10.0 - fraction.length())));
        }
        ChronoUnit unit = parts.group(6) != null
                ? ChronoUnit.SECONDS
                : parts.group(5) != null
                        ? ChronoUnit.MINUTES
                        : parts.group(3) != null
                                ? ChronoUnit.DAYS
                                : parts.group(2) != null ? ChronoUnit.MONTHS : ChronoUnit.YEARS;
        return new TimeText(instant(local, parts), instant(local.plus(1, unit), parts));
    }

    private static int number(Matcher parts, int group, int absent) {
        return parts.group(group) == null ? absent : Integer.parseInt(parts.group(group));
    }

    private static Instant instant(LocalDateTime local, Matcher parts) {
        String offset = parts.group(8);
        return offset == null
                ? local.toInstant(ZoneOffset.UTC)
                : OffsetDateTime.of(local, ZoneOffset.of(offset)).toInstant();
    }
}
