package io.varve.web.endpoint;

import io.varve.acquisition.model.AssetId;
import io.varve.database.Agent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An enrolled agent as clients see it.
public record AgentView(
        String id,
        String host,
        String os,
        String version,
        Optional<String> asset,
        Instant enrolledAt,
        Instant lastSeen,
        boolean online) {
    /// An agent that stays away for longer is not online.
    private static final Duration AWAY = Duration.ofMinutes(1);

    static AgentView of(Agent agent, Instant now) {
        return new AgentView(
                agent.id(),
                agent.host(),
                agent.os(),
                agent.version(),
                agent.asset().map(AssetId::toString),
                agent.enrolledAt(),
                agent.lastSeen(),
                isOnline(agent, now));
    }

    public static boolean isOnline(Agent agent, Instant now) {
        return agent.lastSeen().isAfter(now.minus(AWAY));
    }
}
