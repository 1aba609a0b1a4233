package io.varve.web.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Slows down guessing: after a few failures of one user name from one address, each further one waits twice as long.
final class SignInThrottle {
    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 8;
    private static final Duration FORGOTTEN = Duration.ofHours(1);
    private static final int MOST_NAMES = 10_000;

    private final Map<Who, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Who, Failures> eldest) {
            return size() > MOST_NAMES;
        }
    };

    private record Who(String user, String address) {}

    private record Failures(int count, Instant last) {}

    /// How long this caller has to wait still; empty when it may try.
    synchronized Optional<Duration> wait(String user, String address, Instant now) {
        Failures before = failures.get(new Who(user, address));
        if (before == null || before.count < FREE_FAILURES) {
            return Optional.empty();
        }
        int doublings = Math.min(before.count - FREE_FAILURES, MOST_DOUBLINGS);
        Instant free = before.last.plus(FIRST_WAIT.multipliedBy(1L << doublings));
        return now.isBefore(free) ? Optional.of(Duration.between(now, free)) : Optional.empty();
    }

    synchronized void failed(String user, String address, Instant now) {
        failures.merge(
                new Who(user, address),
                new Failures(1, now),
                (before, first) ->
                        before.last.plus(FORGOTTEN).isBefore(now) ? first : new Failures(before.count + 1, now));
    }

    synchronized void succeeded(String user, String address) {
        failures.remove(new Who(user, address));
    }
}
