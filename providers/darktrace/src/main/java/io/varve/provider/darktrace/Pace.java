package io.varve.provider.darktrace;

import io.varve.provider.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/// Thirty calls a minute on average, ten at once at most: appliances are small and publish no limit.
final class Pace {
    private static final Duration EACH = Duration.ofSeconds(2);
    private static final Duration BURST = EACH.multipliedBy(10);

    private final Clock clock;
    private final Waiting waiting;
    private final ReentrantLock lock = new ReentrantLock();
    /// When all calls so far would be over, two seconds each.
    private Instant used = Instant.MIN;

    Pace(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    void turn() throws InterruptedException {
        Duration wait;
        lock.lock();
        try {
            Instant now = clock.instant();
            used = (used.isBefore(now) ? now : used).plus(EACH);
            wait = Duration.between(now, used).minus(BURST);
        } finally {
            lock.unlock();
        }
        if (wait.isPositive()) {
            waiting.pass(wait);
        }
    }
}
