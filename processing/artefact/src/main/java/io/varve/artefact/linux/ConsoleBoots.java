package io.varve.artefact.linux;

import io.varve.artefact.EventSink;
import io.varve.artefact.TextLines;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The boots that a console's log tells of, and when each began, where a line says so.
///
/// The kernel counts from its boot: what it counted goes back where another boot begins. When a boot began
/// is what the clock was set to less what was counted then; without such a line, what cloud-init says. A
/// boot of which nothing says when it was stays undated: another boot's time is none of its own.
final class ConsoleBoots {
    /// Boots that are kept apart; a console's log of more is no console's log.
    private static final int MOST = 10_000;
    /// Processors print a little out of order.
    private static final long DISORDER = 10_000_000;

    private static final Duration SAME = Duration.ofSeconds(3);

    private final List<Optional<ConsoleAnchor>> anchors;

    private ConsoleBoots(List<Optional<ConsoleAnchor>> anchors) {
        this.anchors = anchors;
    }

    /// A pass over the whole file that reads nothing but heads and anchors.
    static ConsoleBoots of(EvidenceFile file, EventSink sink) throws IOException {
        var anchors = new ArrayList<Optional<ConsoleAnchor>>();
        var walk = new Walk();
        TextLines.each(file, silent(), line -> {
            for (ConsoleLine part : ConsoleLine.of(line.text())) {
                int boot = walk.boot(part.stamp(), part.text());
                while (anchors.size() <= Math.min(boot, MOST - 1)) {
                    anchors.add(Optional.empty());
                }
                Optional<ConsoleAnchor> anchor = ConsoleAnchor.read(part.stamp(), part.text());
                if (anchor.isPresent() && boot < MOST) {
                    anchors.set(boot, Optional.of(better(anchors.get(boot), anchor.get(), line.offset(), sink)));
                }
            }
        });
        if (walk.boot >= MOST) {
            sink.warning(0, "more than %d boots: those after them are undated".formatted(MOST));
        }
        return new ConsoleBoots(anchors);
    }

    /// What is wrong with a line is said when it is read for its events.
    private static EventSink silent() {
        return new EventSink() {
            @Override
            public void record(RecordLocator where, EventData... data) {}

            @Override
            public void rejected(long offset, String reason) {}

            @Override
            public void warning(long offset, String reason) {}
        };
    }

    private static ConsoleAnchor better(Optional<ConsoleAnchor> known, ConsoleAnchor now, long offset, EventSink sink) {
        if (known.isEmpty()) {
            return now;
        }
        Duration apart = Duration.between(known.get().boot(), now.boot()).abs();
        if (apart.compareTo(SAME) > 0) {
            sink.warning(
                    offset,
                    "this line puts the boot %d seconds from where another one of the same boot does: the clock was set"
                            .formatted(apart.toSeconds()));
        }
        return !known.get().isClock() && now.isClock() ? now : known.get();
    }

    /// When the kernel printed a line of a boot, to the second, as it is reckoned; empty when nothing says it.
    Optional<EventTime> time(int boot, ConsoleStamp stamp) {
        if (boot >= anchors.size() || anchors.get(boot).isEmpty()) {
            return Optional.empty();
        }
        Instant time = anchors.get(boot)
                .get()
                .boot()
                .plusSeconds(stamp.micros() / 1_000_000)
                .plusNanos(stamp.micros() % 1_000_000 * 1_000);
        return Optional.of(new EventTime(
                time.getEpochSecond(),
                time.getNano(),
                Precision.SECOND,
                ZoneSource.EXPLICIT,
                Optional.of("[" + stamp.text() + "]"),
                true));
    }

    /// Counts boots while lines go by.
    static final class Walk {
        private long last;
        private int boot;

        /// Boots since the first line.
        int boot(Optional<ConsoleStamp> stamp, String text) {
            if (stamp.isPresent()) {
                long now = stamp.get().micros();
                boolean begins = now == 0 && last > 0 && text.startsWith("Linux version ");
                if (begins || now + DISORDER < last) {
                    boot++;
                    last = now;
                }
                last = Math.max(last, now);
            }
            return boot;
        }
    }
}
