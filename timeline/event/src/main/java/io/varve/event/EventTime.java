package io.varve.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// A time read from evidence, with the precision it has and the reason for its zone.
///
/// `seconds` since 1970-01-01T00:00:00Z (proleptic Gregorian, negative before) and `nanos` 0..999,999,999; wide enough
/// for FILETIME (from 1601) and XFS (to 2486). `original` is the text or number as stored, where it helps a reader.
/// `inferred` is true when a part, such as the year, was not in the record.
public record EventTime(
        long seconds,
        int nanos,
        Precision precision,
        ZoneSource zoneSource,
        Optional<String> original,
        boolean inferred) {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);
    /// Years 0001 to 9999: what an ISO 8601 timestamp of four digits can say.
    private static final long EARLIEST = -62_135_596_800L;

    private static final long LATEST = 253_402_300_799L;

    public EventTime {
        if (nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException("nanos " + nanos);
        }
    }

    /// A time in UTC by the definition of its format.
    public static EventTime utc(long seconds, int nanos, Precision precision) {
        return new EventTime(seconds, nanos, precision, ZoneSource.UTC, Optional.empty(), false);
    }

    public static EventTime utc(Instant instant, Precision precision) {
        return utc(instant.getEpochSecond(), instant.getNano(), precision);
    }

    /// Microseconds since 1970 in UTC, as systemd and many Unix formats store it.
    public static EventTime ofMicros(long micros) {
        return utc(
                Math.floorDiv(micros, 1_000_000),
                (int) Math.floorMod(micros, 1_000_000L) * 1000,
                Precision.MICROSECOND);
    }

    public EventTime withOriginal(String text) {
        return new EventTime(seconds, nanos, precision, zoneSource, Optional.of(text), inferred);
    }

    /// Whether the time can be shown on a calendar; what cannot goes to the undated lane.
    public boolean isDated() {
        return seconds >= EARLIEST && seconds <= LATEST;
    }

    /// The time as an instant, when it is one that a calendar can show.
    public Optional<Instant> instant() {
        return isDated() ? Optional.of(Instant.ofEpochSecond(seconds, nanos)) : Optional.empty();
    }

    /// ISO 8601 in UTC with nine digits and `Z`, e.g. `2026-11-22T01:00:19.371153000Z`.
    public String iso() {
        if (!isDated()) {
            return far();
        }
        // by hand: a listing of a disk writes millions, and DateTimeFormatter takes ten times as long
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400));
        int second = (int) Math.floorMod(seconds, 86_400L);
        byte[] text = "0000-00-00T00:00:00.000000000Z".getBytes(StandardCharsets.ISO_8859_1);
        digits(text, 4, day.getYear());
        digits(text, 7, day.getMonthValue());
        digits(text, 10, day.getDayOfMonth());
        digits(text, 13, second / 3600);
        digits(text, 16, second / 60 % 60);
        digits(text, 19, second % 60);
        digits(text, 29, nanos);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] text, int end, int number) {
        int rest = number;
        for (int at = end - 1; rest > 0; at--) {
            text[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private String far() {
        try {
            return ISO.format(Instant.ofEpochSecond(seconds, nanos));
        } catch (DateTimeException e) {
            return seconds + "s";
        }
    }
}
