package io.varve.provider.aws;

import io.varve.provider.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast blocks are read in one region of one account, by all captures of this worker together: halved when AWS says
/// that it is too fast, slowly raised again.
final class Pace {
    private static final Map<String, Pace> PACES = new ConcurrentHashMap<>();
    private static final double SLOWEST = 5;
    private static final double STEP = 0.25;
    private static final long SECOND = 1_000_000_000L;

    private final double fastest;
    private final LongSupplier nanoTime;
    private double rate;
    private double room;
    private long last;
    private long halved;

    Pace(double fastest, LongSupplier nanoTime) {
        this.fastest = fastest;
        this.rate = fastest;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
        this.halved = last - SECOND;
    }

    static Pace of(Place place, double fastest) {
        return PACES.computeIfAbsent(
                "%s %s %s %s".formatted(place.account(), place.region(), fastest, place.endpoint()),
                any -> new Pace(fastest, System::nanoTime));
    }

    /// Waits for its turn.
    void take(Waiting waiting) throws InterruptedException {
        long nanos = reserve();
        if (nanos > 0) {
            waiting.pass(Duration.ofNanos(nanos));
        }
    }

    /// @return how long to wait before going on
    private synchronized long reserve() {
        long now = nanoTime.getAsLong();
        // what was not used in the last tenth of a second may be used now
        room = Math.min(rate / 10, room + rate * (now - last) / SECOND);
        last = now;
        room -= 1;
        return room >= 0 ? 0 : (long) (-room / rate * SECOND);
    }

    synchronized void wentWell() {
        rate = Math.min(fastest, rate + STEP);
    }

    synchronized void tooFast() {
        long now = nanoTime.getAsLong();
        if (now - halved >= SECOND) {
            halved = now;
            rate = Math.max(SLOWEST, rate / 2);
        }
    }

    synchronized double rate() {
        return rate;
    }
}
