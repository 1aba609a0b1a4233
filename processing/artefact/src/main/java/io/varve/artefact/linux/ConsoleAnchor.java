package io.varve.artefact.linux;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An absolute time that a line of a console states together with the time since boot.
///
/// Sources: the kernel's drivers/rtc/class.c (`setting system clock to …`, with a blank for the `T` before
/// 5.0) and cloud-init's cmd/main.py (`Cloud-init v. … at … Up … seconds.`).
///
/// @param stated as the line has it; whole seconds
/// @param boot when the machine booted, by this line
/// @param isClock whether the kernel's clock was set to it, which is better than a time that a program printed
record ConsoleAnchor(Instant stated, String original, Instant boot, boolean isClock) {
    private static final Pattern CLOCK = Pattern.compile(
            "setting system clock to (\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d) UTC(?: \\((\\d{1,11})\\))?");
    private static final Pattern CLOUD_INIT =
            Pattern.compile("Cloud-init v\\. \\S{1,64} (?:running '[^']{1,64}'|finished) at"
                    + " ([A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4})\\.");
    private static final Pattern UP = Pattern.compile(" Up (\\d{1,10})\\.(\\d{1,6}) seconds");
    /// What we know is far shorter, and patterns must not be fed megabytes.
    private static final int LONGEST = 1_024;

    /// @param text of the line, without its head
    static Optional<ConsoleAnchor> read(Optional<ConsoleStamp> stamp, String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            Matcher clock = CLOCK.matcher(text);
            if (stamp.isPresent() && clock.find()) {
                String original = clock.group(1) + "T" + clock.group(2) + "Z";
                Instant stated = Instant.parse(original);
                boolean isSame = clock.group(3) == null || Long.parseLong(clock.group(3)) == stated.getEpochSecond();
                return isSame
                        ? Optional.of(new ConsoleAnchor(
                                stated, original, before(stated, stamp.get().micros()), true))
                        : Optional.empty();
            }
            Matcher stage = CLOUD_INIT.matcher(text);
            if (!stage.find()) {
                return Optional.empty();
            }
            Instant stated = OffsetDateTime.parse(stage.group(1), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Matcher up = UP.matcher(text).region(stage.end(), text.length());
            if (!up.find()) {
                return Optional.empty();
            }
            String micros = (up.group(2) + "000000").substring(0, 6);
            long since = Long.parseLong(up.group(1)) * 1_000_000 + Long.parseLong(micros);
            return Optional.of(new ConsoleAnchor(stated, stage.group(1), before(stated, since), false));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant before(Instant stated, long micros) {
        return stated.minusSeconds(micros / 1_000_000).minusNanos(micros % 1_000_000 * 1_000);
    }
}
