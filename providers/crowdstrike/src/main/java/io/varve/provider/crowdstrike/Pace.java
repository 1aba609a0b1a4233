package io.varve.provider.crowdstrike;

import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps all calls of this process to one tenant apart, so that its limit (6,000 a minute were seen) is not reached by
/// us alone: half of it at most, and slower when `X-RateLimit-Remaining` says that it is nearly used up.
final class Pace {
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final Duration BETWEEN_LAST = Duration.ofMillis(500);

    private final Clock clock;
    private final Waiting waiting;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant next = Instant.MIN;
    private Duration between = BETWEEN;

    Pace(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Waits for this call's turn.
    void turn() throws InterruptedException {
        Duration wait;
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant mine = next.isBefore(now) ? now : next;
            next = mine.plus(between);
            wait = Duration.between(now, mine);
        } finally {
            lock.unlock();
        }
        if (wait.isPositive()) {
            waiting.pass(wait);
        }
    }

    /// What an answer says of the limit.
    void told(Answer answer) {
        long limit = answer.headers()
                .firstValue("X-RateLimit-Limit")
                .map(Pace::number)
                .orElse(0L);
        long remaining = answer.headers()
                .firstValue("X-RateLimit-Remaining")
                .map(Pace::number)
                .orElse(Long.MAX_VALUE);
        lock.lock();
        try {
            between = remaining < limit / 10 ? BETWEEN_LAST : BETWEEN;
        } finally {
            lock.unlock();
        }
    }

    private static long number(String text) {
        return text.strip().matches("\\d{1,9}") ? Long.parseLong(text.strip()) : Long.MAX_VALUE;
    }
}
