package io.varve.provider.sentinelone;

import io.varve.provider.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the calls made with one API token below the console's limits, which count for each group of routes by
/// itself. All captures and feeds of this process that use the token share it.
final class Pacing {
    /// Published by the vendor's Go SDK; not in its API reference.
    private static final List<Group> GROUPS = List.of(
            new Group("/remote-scripts", 1, 30),
            new Group("/remote-ops", 1, 5),
            new Group("/system/status", 1, 1),
            new Group("/activities", 10, 30),
            new Group("/threats", 10, 50),
            new Group("/agents", 25, 25),
            new Group("", 5, 10));

    private static final int MOST_TOKENS = 1000;
    private static final Map<String, Pacing> SHARED = new ConcurrentHashMap<>();

    private final Map<Group, Instant> next = new HashMap<>();

    /// @param perSecond calls that are allowed in the long run, `burst` at once
    private record Group(String prefix, int perSecond, int burst) {
        /// A tenth slower than allowed: the console's clock decides.
        Duration interval() {
            return Duration.ofMillis(1100).dividedBy(perSecond);
        }

        Duration ahead() {
            return interval().multipliedBy(burst * 4L / 5);
        }
    }

    /// @param token names the token without being it
    static Pacing of(String token) {
        if (SHARED.size() > MOST_TOKENS) {
            SHARED.clear();
        }
        return SHARED.computeIfAbsent(token, any -> new Pacing());
    }

    /// Waits until a call to this route may be made.
    void pass(String route, Clock clock, Waiting waiting) throws InterruptedException {
        Duration wait = reserve(route, clock.instant());
        if (wait.isPositive()) {
            waiting.pass(wait);
        }
    }

    private synchronized Duration reserve(String route, Instant now) {
        Group group = GROUPS.stream()
                .filter(one -> route.startsWith(one.prefix()))
                .max(Comparator.comparingInt(one -> one.prefix().length()))
                .orElseThrow();
        Instant earliest = next.getOrDefault(group, now);
        Instant mine = earliest.isBefore(now) ? now : earliest;
        next.put(group, mine.plus(group.interval()));
        return Duration.between(now.plus(group.ahead()), mine);
    }
}
