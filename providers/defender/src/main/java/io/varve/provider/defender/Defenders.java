package io.varve.provider.defender;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/// One [Defender] for each tenant, so that its captures keep the tenant's limits together. Tenants that were not used
/// for long are forgotten; changed settings make a new one.
final class Defenders {
    private static final int MOST = 64;

    private final Clock clock;
    private final Waiting waiting;
    private final Map<Connection, Defender> byConnection = new LinkedHashMap<>(16, 0.75f, true);

    Defenders(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    synchronized Defender of(Connection connection) throws ProviderException {
        Defender known = byConnection.get(connection);
        if (known != null) {
            return known;
        }
        var defender = new Defender(connection, clock, waiting);
        byConnection.put(connection, defender);
        if (byConnection.size() > MOST) {
            byConnection.remove(byConnection.keySet().iterator().next());
        }
        return defender;
    }
}
