package io.varve.acquisition.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times as alert sources write them: seconds, milliseconds, micro- or nanoseconds since 1970, Windows file times, ISO
/// 8601 with any fraction, `2026-11-22 02:00:00`, `11/22/2026 2:00:00 AM`. Without a zone they are UTC. What lies
/// outside 1971 to 2200 is no time.
final class AlertTimes {
    private static final Pattern NUMBER = Pattern.compile("\\d{9,19}(\\.\\d+)?([eE]\\d+)?");
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter OFFSET = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter AMERICAN = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("M/d/yyyy[,] h:mm[:ss] a")
            .toFormatter(Locale.ROOT);
    private static final Pattern WHOLE = Pattern.compile("\\d{9,19}");
    /// 1970 and 2100 in units of 100 ns since 1601; as nanoseconds since 1970 both would lie in the 1970s.
    private static final long FILE_TIME_1970 = 116_444_736_000_000_000L;

    private static final long FILE_TIME_2100 = 157_469_760_000_000_000L;
    private static final Instant EARLIEST = Instant.parse("1971-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private AlertTimes() {}

    static Optional<Instant> read(String text) {
        return parse(text.strip()).filter(AlertTimes::isBelievable);
    }

    static boolean isBelievable(Instant time) {
        return time.isAfter(EARLIEST) && time.isBefore(LATEST);
    }

    private static Optional<Instant> parse(String text) {
        if (WHOLE.matcher(text).matches()) {
            return whole(text);
        }
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(ofNumber(Double.parseDouble(text)));
        }
        String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
        return offset(iso.replace(" UTC", "Z").replace(" ", ""))
                .or(() -> local(iso, LOCAL))
                .or(() -> local(text, AMERICAN));
    }

    private static Optional<Instant> whole(String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= FILE_TIME_1970 && number < FILE_TIME_2100) {
                long since = number - FILE_TIME_1970;
                return Optional.of(Instant.ofEpochSecond(since / 10_000_000, since % 10_000_000 * 100));
            }
            return Optional.of(ofWhole(number));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Instant ofWhole(long number) {
        if (number < 100_000_000_000L) {
            return Instant.ofEpochSecond(number);
        }
        if (number < 100_000_000_000_000L) {
            return Instant.ofEpochMilli(number);
        }
        if (number < 100_000_000_000_000_000L) {
            return Instant.ofEpochSecond(number / 1_000_000, number % 1_000_000 * 1000);
        }
        return Instant.ofEpochSecond(number / 1_000_000_000, number % 1_000_000_000);
    }

    private static Instant ofNumber(double number) {
        if (number < 1e11) {
            return Instant.ofEpochMilli((long) (number * 1000));
        }
        if (number < 1e14) {
            return Instant.ofEpochMilli((long) number);
        }
        return Instant.ofEpochMilli((long) (number < 1e17 ? number / 1e3 : number / 1e6));
    }

    private static Optional<Instant> offset(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text, OFFSET).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> local(String text, DateTimeFormatter format) {
        try {
            return Optional.of(LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
