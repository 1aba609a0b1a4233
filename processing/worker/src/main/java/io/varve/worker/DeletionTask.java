package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Preservation;
import io.varve.evidence.Protection;
import io.varve.evidence.Seal;
import io.varve.timeline.IndexName;
import io.varve.timeline.TimelineStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Deletes evidence whose time is over: the only way bytes ever go. Nothing goes under a legal hold, before its
/// retention is over, or while other evidence refers to it. Manifest and custody log stay, and say that it is gone.
@ApplicationScoped
public class DeletionTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(DeletionTask.class);
    private static final int AT_ONCE = 10;

    private final Care care;
    private final EvidenceItems items;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final TimelineStore timeline;
    private final Preservation preservation;
    private final CustodySigning signing;
    private final WorkerConfig.Custody config;
    private final WorkerName name;
    private final Clock clock;

    DeletionTask(
            Care care,
            EvidenceItems items,
            ObjectStore objects,
            CustodyLogs logs,
            TimelineStore timeline,
            Preservation preservation,
            CustodySigning signing,
            WorkerConfig config,
            WorkerName name,
            Clock clock) {
        this.care = care;
        this.items = items;
        this.objects = objects;
        this.logs = logs;
        this.timeline = timeline;
        this.preservation = preservation;
        this.signing = signing;
        this.config = config.custody();
        this.name = name;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.DELETE_EXPIRED;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        Instant now = clock.instant();
        if (config.deleteAfter().isEmpty()) {
            return new Outcome.Again(now.plus(config.poll()));
        }
        Duration life = config.deleteAfter().get();
        for (EvidenceKey key : care.expired(now.minus(life), now, AT_ONCE)) {
            if (!isProtected(key, now) && care.deleted(key, now.minus(life), now)) {
                delete(key, life);
            }
        }
        return new Outcome.Again(now.plus(config.poll()));
    }

    /// The store may keep what we know nothing of: a retention of its own, a hold placed in its console.
    private boolean isProtected(EvidenceKey key, Instant now) throws IOException {
        Protection protection = objects.protection(key.object(Seal.DATA));
        if (!protection.forbidsRemovalAt(now)) {
            return false;
        }
        LOG.warnf("evidence %s: its time is over, the store keeps it: %s", key, protection);
        protection.retention().ifPresent(kept -> care.retain(key, kept.until()));
        return true;
    }

    private void delete(EvidenceKey key, Duration life) throws IOException {
        EvidenceItem item = items.find(key).orElseThrow(() -> new IllegalStateException("no evidence " + key));
        logs.of(key)
                .appendOnce(
                        name.actor(),
                        CustodyEntry.DELETED,
                        "by policy, %s after it was sealed: %d bytes, SHA-256 %s"
                                .formatted(
                                        life,
                                        item.size(),
                                        item.sha256().map(Object::toString).orElse("unknown")));
        signing.sign(key);
        preservation.forget(key);
        objects.delete(key.object(Seal.DATA));
        for (int run = 1; run <= item.run(); run++) {
            timeline.delete(new IndexName(key.organisation(), key.id(), Integer.toString(run)));
        }
        try (Stream<String> derived = objects.list(key.object("runs/"))) {
            for (String old : derived.toList()) {
                objects.delete(old);
            }
        }
        care.purged(key, clock.instant());
        LOG.infof("evidence %s: deleted by policy", key);
    }
}
