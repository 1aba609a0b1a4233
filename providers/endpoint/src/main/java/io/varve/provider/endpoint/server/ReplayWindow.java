package io.varve.provider.endpoint.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/// Nonces seen while a request that carries them would still be believed.
final class ReplayWindow {
    static final Duration WINDOW = Duration.ofMinutes(5);
    static final int MOST = 200_000;

    private record Seen(String nonce, Instant forget) {}

    private final Set<String> nonces = new HashSet<>();
    private final Queue<Seen> oldestFirst = new ArrayDeque<>();

    /// @param at when the request says it was made
    /// @param now the server's clock
    synchronized void admit(String agent, String nonce, Instant at, Instant now) throws RefusedException {
        if (Duration.between(at, now).abs().compareTo(WINDOW) > 0) {
            throw new RefusedException(401, "stale", "the request is dated " + at);
        }
        for (Seen oldest = oldestFirst.peek();
                oldest != null && oldest.forget().isBefore(now);
                oldest = oldestFirst.peek()) {
            nonces.remove(oldest.nonce());
            oldestFirst.remove();
        }
        if (nonces.size() >= MOST) {
            throw new RefusedException(503, "unavailable", "too many requests");
        }
        String key = agent + " " + nonce;
        if (!nonces.add(key)) {
            throw new RefusedException(401, "replayed", "this request was made before");
        }
        oldestFirst.add(new Seen(key, now.plus(WINDOW.multipliedBy(2))));
    }
}
