package io.varve.timeline.lucene;

import java.time.Instant;

/// Time as the index sorts it: ticks of 100 nanoseconds since 1970.
final class Ticks {
    static final long PER_SECOND = 10_000_000;
    static final long PER_MILLISECOND = 10_000;
    private static final int NANOS = 100;

    private Ticks() {}

    /// Clamped to what 64 bits hold, about the years -27000 to 31000.
    static long of(Instant instant) {
        long seconds = instant.getEpochSecond();
        if (seconds >= Long.MAX_VALUE / PER_SECOND) {
            return Long.MAX_VALUE - 1;
        }
        if (seconds <= Long.MIN_VALUE / PER_SECOND) {
            return Long.MIN_VALUE + 1;
        }
        return seconds * PER_SECOND + instant.getNano() / NANOS;
    }

    /// The first tick that is not before the instant, so that ranges neither gain nor lose an event.
    static long ceiling(Instant instant) {
        long ticks = of(instant);
        return instant.getNano() % NANOS == 0 ? ticks : ticks + 1;
    }

    static Instant instant(long ticks) {
        return Instant.ofEpochSecond(Math.floorDiv(ticks, PER_SECOND), Math.floorMod(ticks, PER_SECOND) * NANOS);
    }
}
