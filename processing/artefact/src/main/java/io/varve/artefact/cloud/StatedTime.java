package io.varve.artefact.cloud;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as clouds write them: ISO 8601 with or without fraction and offset, or seconds since 1970. What
/// has no offset is UTC, as the formats define; the precision is that of the digits given.
final class StatedTime {
    private static final Pattern ISO =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,9}))?"
                    + " ?(?:[Zz]|UTC|([+-]\\d\\d):?(\\d\\d))?");
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");

    private StatedTime() {}

    /// Empty when the text is no time.
    static Optional<EventTime> parse(String text) {
        if (text.length() > 48) {
            return Optional.empty();
        }
        Matcher iso = ISO.matcher(text);
        if (iso.matches()) {
            return iso(iso, text);
        }
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            String fraction = Optional.ofNullable(epoch.group(2)).orElse("");
            return Optional.of(
                    EventTime.utc(Long.parseLong(epoch.group(1)), nanos(fraction), precision(fraction.length())));
        }
        return Optional.empty();
    }

    private static Optional<EventTime> iso(Matcher iso, String text) {
        String fraction = Optional.ofNullable(iso.group(3)).orElse("");
        Precision precision = precision(fraction.length());
        try {
            LocalDateTime local = LocalDateTime.parse(iso.group(1) + "T" + iso.group(2));
            if (iso.group(4) == null) {
                return Optional.of(EventTime.utc(local.toEpochSecond(ZoneOffset.UTC), nanos(fraction), precision));
            }
            ZoneOffset offset = ZoneOffset.of(iso.group(4) + ":" + iso.group(5));
            return Optional.of(new EventTime(
                    local.toEpochSecond(offset),
                    nanos(fraction),
                    precision,
                    ZoneSource.EXPLICIT,
                    Optional.of(text),
                    false));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int nanos(String fraction) {
        return Integer.parseInt((fraction + "000000000").substring(0, 9));
    }

    private static Precision precision(int digits) {
        return switch (digits) {
            case 0 -> Precision.SECOND;
            case 1, 2, 3 -> Precision.MILLISECOND;
            case 4, 5, 6 -> Precision.MICROSECOND;
            case 7 -> Precision.HUNDRED_NANOSECONDS;
            default -> Precision.NANOSECOND;
        };
    }
}
