package io.varve.provider.defender;

import io.varve.provider.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// So many calls in any minute, for all captures of this process through one tenant.
final class Pace {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final int most;
    private final Clock clock;
    private final Waiting waiting;
    private final Deque<Instant> taken = new ArrayDeque<>();

    Pace(int most, Clock clock, Waiting waiting) {
        this.most = most;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Waits until one more call is allowed.
    void take() throws InterruptedException {
        Duration wait = reserve();
        while (!wait.isZero()) {
            waiting.pass(wait);
            wait = reserve();
        }
    }

    private synchronized Duration reserve() {
        Instant now = clock.instant();
        while (!taken.isEmpty() && !now.isBefore(taken.peekFirst().plus(WINDOW))) {
            taken.removeFirst();
        }
        if (taken.size() < most) {
            taken.addLast(now);
            return Duration.ZERO;
        }
        return Duration.between(now, taken.getFirst().plus(WINDOW)).plusMillis(50);
    }
}
