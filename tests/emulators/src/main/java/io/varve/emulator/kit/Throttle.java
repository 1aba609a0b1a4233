package io.varve.emulator.kit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// So many calls a window and key (a token, a tenant, a group of routes), as vendors count them.
public final class Throttle {
    /// What a vendor puts into its headers.
    ///
    /// @param resetsAt when the window ends and calls are allowed again
    public record Decision(boolean allowed, int limit, int remaining, Instant resetsAt) {
        /// Whole seconds until calls are allowed again, at least one.
        public long secondsLeft(Clock clock) {
            long millis = Duration.between(clock.instant(), resetsAt).toMillis();
            return Math.max(1, (millis + 999) / 1000);
        }
    }

    private record Window(Instant start, int taken) {}

    private final Clock clock;
    private final int limit;
    private final Duration window;
    private final Map<String, Window> windows = new HashMap<>();

    public Throttle(Clock clock, int limit, Duration window) {
        this.clock = clock;
        this.limit = limit;
        this.window = window;
    }

    public synchronized Decision take(String key) {
        Instant now = clock.instant();
        Window current = windows.get(key);
        if (current == null || !now.isBefore(current.start.plus(window))) {
            current = new Window(now, 0);
        }
        Instant resetsAt = current.start.plus(window);
        if (current.taken >= limit) {
            return new Decision(false, limit, 0, resetsAt);
        }
        windows.put(key, new Window(current.start, current.taken + 1));
        return new Decision(true, limit, limit - current.taken - 1, resetsAt);
    }
}
