package io.varve.artefact.linux;

import io.varve.artefact.EvidenceContext;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The years of lines that state none.
///
/// Lines follow each other, so a month that goes back by two or more begins a new year (a little disorder around a
/// turn of the year does not). The year itself comes, in this order, from lines that state one, from the person who
/// started the run (the year of the first line, or of the last one where the evidence is not newer), from the file's
/// modification, the date in a rotated name, the time of collection. 29 February moves the guess back to a leap year.
/// With none of these the year stays unknown.
final class SyslogYears {
    private static final Pattern ROTATED = Pattern.compile(".*-(20\\d\\d)(\\d\\d)(\\d\\d)(?:[-.].*)?");
    private static final Duration TOLERANCE = Duration.ofDays(1);
    /// Leap years are at most eight years apart.
    private static final int LEAP_SEARCH = 8;

    private final Walk walk = new Walk();
    private final List<Integer> leapDays = new ArrayList<>();
    private Optional<Integer> statedFirst = Optional.empty();
    private Optional<SyslogStamp.Local> last = Optional.empty();
    private int lastYear;

    /// Takes in the time of one line, in file order, before any year is asked for.
    void see(SyslogStamp stamp) {
        switch (stamp) {
            case SyslogStamp.None none -> {}
            case SyslogStamp.Exact exact -> {
                int year =
                        walk.year(exact.stated().getMonthValue(), exact.stated().getDayOfMonth());
                state(exact.stated().getYear() - year);
            }
            case SyslogStamp.Local local -> {
                int year = walk.year(local.month(), local.day());
                if (local.year() != 0) {
                    state(local.year() - year);
                    return;
                }
                if (local.month() == 2 && local.day() == 29 && leapDays.size() < LEAP_SEARCH) {
                    leapDays.add(year);
                }
                last = Optional.of(local);
                lastYear = year;
            }
        }
    }

    private void state(int first) {
        if (statedFirst.isEmpty()) {
            statedFirst = Optional.of(first);
        }
    }

    /// The year of the first line; empty when nothing tells.
    OptionalInt first(EvidenceFile file, EvidenceContext context) {
        if (statedFirst.isPresent()) {
            return OptionalInt.of(statedFirst.get());
        }
        OptionalInt latest = latestYearOfLast(file, context);
        if (context.year().isPresent()) {
            int given = context.year().getAsInt();
            boolean tooNew = latest.isPresent() && given + lastYear > latest.getAsInt();
            return OptionalInt.of(tooNew ? given - lastYear : given);
        }
        if (latest.isEmpty()) {
            return OptionalInt.empty();
        }
        int first = latest.getAsInt() - lastYear;
        for (int back = 0; back <= LEAP_SEARCH; back++) {
            int candidate = first - back;
            if (leapDays.stream().allMatch(year -> Year.isLeap(candidate + year))) {
                return OptionalInt.of(candidate);
            }
        }
        return OptionalInt.of(first);
    }

    /// The newest year that does not put the last line after the file was written.
    private OptionalInt latestYearOfLast(EvidenceFile file, EvidenceContext context) {
        Optional<Instant> anchor = anchor(file, context);
        if (anchor.isEmpty() || last.isEmpty()) {
            return OptionalInt.empty();
        }
        LocalDateTime limit = LocalDateTime.ofInstant(anchor.get().plus(TOLERANCE), context.zone());
        SyslogStamp.Local line = last.get();
        boolean later = line.month() > limit.getMonthValue()
                || line.month() == limit.getMonthValue() && line.day() > limit.getDayOfMonth();
        return OptionalInt.of(limit.getYear() - (later ? 1 : 0));
    }

    private static Optional<Instant> anchor(EvidenceFile file, EvidenceContext context) {
        Optional<Instant> written = file.modified().flatMap(EventTime::instant).or(() -> rotated(file, context));
        if (written.isPresent() && context.collected().isPresent()) {
            Instant collected = context.collected().get();
            return written.get().isAfter(collected) ? context.collected() : written;
        }
        return written.or(context::collected);
    }

    private static Optional<Instant> rotated(EvidenceFile file, EvidenceContext context) {
        Matcher name = ROTATED.matcher(file.name());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.of(
                    Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3)));
            return Optional.of(day.atStartOfDay(context.zone()).toInstant());
        } catch (java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    /// Counts years while lines go by.
    static final class Walk {
        private static final int DISORDER = 3;

        private int year;
        private int month;
        private int day;

        /// Years since the first line.
        int year(int nextMonth, int nextDay) {
            if (month == 1 && day <= DISORDER && nextMonth == 12 && nextDay > 31 - DISORDER) {
                return year - 1;
            }
            if (nextMonth + 1 < month) {
                year++;
            }
            month = nextMonth;
            day = nextDay;
            return year;
        }
    }
}
