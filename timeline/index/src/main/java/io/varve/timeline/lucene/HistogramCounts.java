package io.varve.timeline.lucene;

import io.varve.timeline.Histogram;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.Query;

/// Counts dated events in buckets of a round width, beginning at a round time.
final class HistogramCounts {
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<Duration> WIDTHS = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            DAY,
            DAY.multipliedBy(7),
            DAY.multipliedBy(30),
            DAY.multipliedBy(90),
            DAY.multipliedBy(365),
            DAY.multipliedBy(3650));

    private HistogramCounts() {}

    /// First and last tick of the dated events that match.
    record Span(long first, long last) {
        static Optional<Span> of(View view, Query query) throws IOException {
            long[] span = {Long.MAX_VALUE, Long.MIN_VALUE};
            view.forEach(query, leaf -> {
                NumericDocValues times = DocValues.getNumeric(leaf.reader(), IndexFields.TIME);
                return document -> {
                    if (times.advanceExact(document)) {
                        span[0] = Math.min(span[0], times.longValue());
                        span[1] = Math.max(span[1], times.longValue());
                    }
                };
            });
            return span[0] > span[1] ? Optional.empty() : Optional.of(new Span(span[0], span[1]));
        }
    }

    static Histogram of(View view, Query query, Span span, int most, long undated) throws IOException {
        long width = width(span, most);
        long begin = Math.floorDiv(span.first, width);
        var counts = new long[Math.toIntExact(Math.floorDiv(span.last, width) - begin + 1)];
        view.forEach(query, leaf -> {
            NumericDocValues times = DocValues.getNumeric(leaf.reader(), IndexFields.TIME);
            return document -> {
                if (times.advanceExact(document)) {
                    counts[(int) (Math.floorDiv(times.longValue(), width) - begin)]++;
                }
            };
        });
        var buckets = new ArrayList<Histogram.Bucket>(counts.length);
        for (int i = 0; i < counts.length; i++) {
            buckets.add(new Histogram.Bucket(Ticks.instant((begin + i) * width), counts[i]));
        }
        return new Histogram(
                Optional.of(Ticks.instant(begin * width)),
                Optional.of(Ticks.instant((begin + counts.length) * width)),
                Duration.ofMillis(width / Ticks.PER_MILLISECOND),
                buckets,
                undated);
    }

    /// The smallest round width that needs no more buckets than asked for; multiples of the largest past that.
    private static long width(Span span, int most) {
        for (Duration width : WIDTHS) {
            long ticks = width.toMillis() * Ticks.PER_MILLISECOND;
            if (Math.floorDiv(span.last, ticks) - Math.floorDiv(span.first, ticks) < most) {
                return ticks;
            }
        }
        long largest = WIDTHS.getLast().toMillis() * Ticks.PER_MILLISECOND;
        long decades = Math.floorDiv(span.last, largest) - Math.floorDiv(span.first, largest) + 1;
        return Math.multiplyExact(largest, 1 + decades / most);
    }
}
