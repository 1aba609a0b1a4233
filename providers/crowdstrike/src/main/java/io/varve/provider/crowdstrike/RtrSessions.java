package io.varve.provider.crowdstrike;

import java.util.HashMap;
import java.util.Map;

/// The sessions that captures of this process share, one a host: CrowdStrike hands the same session to everybody who
/// comes with the same API client.
final class RtrSessions {
    private final Rtr rtr;
    private final Map<String, Entry> entries = new HashMap<>();

    RtrSessions(Rtr rtr) {
        this.rtr = rtr;
    }

    private static final class Entry {
        private final RtrSession session;
        private int users;

        private Entry(RtrSession session) {
            this.session = session;
        }
    }

    synchronized RtrSession take(String aid) {
        Entry entry = entries.computeIfAbsent(aid, id -> new Entry(new RtrSession(rtr, id)));
        entry.users++;
        return entry.session;
    }

    /// The last one to give it back ends it.
    void giveBack(RtrSession session) {
        synchronized (this) {
            Entry entry = entries.get(session.aid());
            if (entry == null || --entry.users > 0) {
                return;
            }
            entries.remove(session.aid());
        }
        session.end();
    }
}
