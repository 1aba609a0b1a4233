package io.varve.artefact.linux;

import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.TextLines;
import io.varve.artefact.Utf8;
import io.varve.artefact.WallClock;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventTime;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// The times of the syslog lines of one file, asked for in file order. The years are looked for in a pass
/// of their own, only when a line without one is met.
final class SyslogTimes {
    /// The time of a line, and what may precede it, is within its first bytes.
    private static final int STAMP = 128;

    private final EvidenceFile file;
    private final EvidenceContext context;
    private final EventSink sink;
    private final UnaryOperator<String> clean;
    private final SyslogYears.Walk walk = new SyslogYears.Walk();
    private Optional<OptionalInt> firstYear = Optional.empty();

    /// @param clean takes away what a line has besides syslog
    SyslogTimes(EvidenceFile file, EvidenceContext context, EventSink sink, UnaryOperator<String> clean) {
        this.file = file;
        this.context = context;
        this.sink = sink;
        this.clean = clean;
    }

    /// Undated where nothing says which year it was; empty when the line states no time at all.
    ///
    /// @param offset of the line, for warnings
    Optional<EventTime> of(SyslogStamp stamp, long offset) throws IOException {
        return switch (stamp) {
            case SyslogStamp.None none -> Optional.empty();
            case SyslogStamp.Exact exact -> {
                walk.year(exact.stated().getMonthValue(), exact.stated().getDayOfMonth());
                yield Optional.of(exact.time());
            }
            case SyslogStamp.Local local -> Optional.of(time(local, walk.year(local.month(), local.day()), offset));
        };
    }

    private EventTime time(SyslogStamp.Local local, int yearsSinceFirst, long offset) throws IOException {
        try {
            if (local.year() != 0) {
                LocalDate day = LocalDate.of(local.year(), local.month(), local.day());
                return WallClock.read(context, day.atTime(local.clock()), local.precision(), local.original());
            }
            if (firstYear.isEmpty()) {
                firstYear = Optional.of(years());
            }
            if (firstYear.get().isPresent()) {
                LocalDate day = LocalDate.of(firstYear.get().getAsInt() + yearsSinceFirst, local.month(), local.day());
                return WallClock.inferred(context, day.atTime(local.clock()), local.precision(), local.original());
            }
        } catch (DateTimeException e) {
            sink.warning(offset, "no such day: " + local.original());
        }
        return new EventTime(
                Long.MIN_VALUE, 0, local.precision(), context.zoneSource(), Optional.of(local.original()), true);
    }

    /// A pass over the whole file that reads nothing but times.
    private OptionalInt years() throws IOException {
        var years = new SyslogYears();
        TextLines.each(file, sink, line -> {
            byte[] head = line.raw().length > STAMP ? Arrays.copyOf(line.raw(), STAMP) : line.raw();
            SyslogFormat.read(clean.apply(Utf8.tolerant(head))).ifPresent(read -> years.see(read.stamp()));
        });
        OptionalInt first = years.first(file, context);
        if (first.isEmpty()) {
            sink.warning(0, "nothing says in which year these lines were written: their events are undated");
        }
        return first;
    }
}
