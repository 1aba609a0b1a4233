package io.varve.provider.endpoint.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/// Nonces seen while a request that carries them would still be believed.
final class ReplayWindow {
    static final Duration WINDOW = Duration.ofMinutes(5);
    static final int MOST = 200_000;
    /// So that one agent alone cannot keep the others out.
    static final int MOST_OF_ONE = 20_000;

    private record Seen(String agent, String nonce, Instant forget) {}

    private final Map<String, Set<String>> nonces = new HashMap<>();
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
            forget(oldest);
            oldestFirst.remove();
        }
        Set<String> ofAgent = nonces.computeIfAbsent(agent, id -> new HashSet<>());
        if (ofAgent.contains(nonce)) {
            throw new RefusedException(401, "replayed", "this request was made before");
        }
        if (oldestFirst.size() >= MOST || ofAgent.size() >= MOST_OF_ONE) {
            throw new RefusedException(503, "unavailable", "too many requests");
        }
        ofAgent.add(nonce);
        oldestFirst.add(new Seen(agent, nonce, now.plus(WINDOW.multipliedBy(2))));
    }

    private void forget(Seen seen) {
        nonces.computeIfPresent(seen.agent(), (agent, ofAgent) -> {
            ofAgent.remove(seen.nonce());
            return ofAgent.isEmpty() ? null : ofAgent;
        });
    }
}
