package io.varve.web.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/// Writes what people do with evidence into its custody log. A worker signs it: the server has no key.
@ApplicationScoped
public class CustodyWriter {
    private final CustodyLogs logs;
    private final SchedulerClient queue;
    private final Clock clock;

    CustodyWriter(CustodyLogs logs, SchedulerClient queue, Clock clock) {
        this.logs = logs;
        this.queue = queue;
        this.clock = clock;
    }

    CustodyEntry add(EvidenceKey evidence, String actor, String action, String detail) throws IOException {
        CustodyEntry entry = logs.of(evidence).append(actor, action, detail);
        // a subject of its own: one that is being signed just now may have been read before this entry
        Tasks.queue(queue, Tasks.SIGN_CUSTODY, evidence + "#" + entry.sequence(), clock.instant());
        return entry;
    }

    List<CustodyEntry> entries(EvidenceKey evidence) throws IOException {
        return logs.of(evidence).entries();
    }

    /// What does not fit between the log and what the database has seen of it.
    List<String> compare(EvidenceKey evidence) throws IOException {
        return logs.compare(evidence);
    }
}
