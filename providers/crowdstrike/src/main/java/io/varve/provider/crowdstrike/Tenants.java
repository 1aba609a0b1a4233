package io.varve.provider.crowdstrike;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/// One client per tenant for the whole process, so that its token, pace and sessions are shared by all captures.
final class Tenants {
    /// Used by everything that runs in the worker.
    static final Tenants SHARED = new Tenants(Clock.systemUTC(), Thread::sleep);

    private static final int MOST = 100;

    private final Clock clock;
    private final Waiting waiting;
    private final Map<Connection, Falcon> falcons = new LinkedHashMap<>(16, 0.75f, true);

    Tenants(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    /// A tenant's client and the sessions that are open through it.
    record Falcon(CrowdStrike client, RtrSessions sessions) {}

    /// Changed settings or secrets make another client.
    synchronized Falcon of(Connection connection) throws ProviderException {
        Falcon falcon = falcons.get(connection);
        if (falcon == null) {
            var client = new CrowdStrike(connection, clock, waiting);
            falcon = new Falcon(client, new RtrSessions(new Rtr(client)));
            falcons.put(connection, falcon);
            if (falcons.size() > MOST) {
                falcons.remove(falcons.keySet().iterator().next());
            }
        }
        return falcon;
    }

    Clock clock() {
        return clock;
    }

    Waiting waiting() {
        return waiting;
    }
}
