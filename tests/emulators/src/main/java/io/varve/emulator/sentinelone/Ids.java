package io.varve.emulator.sentinelone;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;

/// Ids and times as the console writes them.
final class Ids {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private final AtomicLong last = new AtomicLong(2_100_000_000_000_000_000L);

    /// Too large for a double or an int, and each larger than the one before.
    String next() {
        return Long.toString(last.addAndGet(1_048_577));
    }

    static String time(Instant at) {
        return TIME.format(at);
    }
}
