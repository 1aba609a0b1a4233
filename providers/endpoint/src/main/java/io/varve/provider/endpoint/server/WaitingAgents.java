package io.varve.provider.endpoint.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Agents whose request is held open until there is an order for them.
final class WaitingAgents {
    private static final Duration ASK_EVERY = Duration.ofMillis(500);

    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();

    /// Asks again and again until there is something or the time is over. A newer request of the same agent ends an
    /// older one.
    <T> Optional<T> await(String agent, Duration longest, Supplier<Optional<T>> ask) throws InterruptedException {
        var signal = new Semaphore(0);
        Optional.ofNullable(waiting.put(agent, signal)).ifPresent(Semaphore::release);
        try {
            long end = System.nanoTime() + longest.toNanos();
            while (true) {
                Optional<T> found = ask.get();
                long left = end - System.nanoTime();
                if (found.isPresent() || left <= 0 || waiting.get(agent) != signal) {
                    return found;
                }
                if (signal.tryAcquire(Math.min(left, ASK_EVERY.toNanos()), TimeUnit.NANOSECONDS)) {
                    signal.drainPermits();
                }
            }
        } finally {
            waiting.remove(agent, signal);
        }
    }

    void wake(String agent) {
        Optional.ofNullable(waiting.get(agent)).ifPresent(Semaphore::release);
    }
}
