package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Care;
import io.varve.database.Care.Kept;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Manifest;
import io.varve.evidence.Rehash;
import io.varve.evidence.Rehash.Slice;
import io.varve.evidence.Seal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Reads stored evidence back, again and again: a slice of whole parts at a time, no faster than it may, and after a
/// crash from where it was. What does not fit is an alarm; either way the custody log says that it was done.
@ApplicationScoped
public class RehashTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(RehashTask.class);
    private static final long SLICE = 64L << 20;
    private static final int MOST_NAMED = 100;

    private final Care care;
    private final CustodyLogs logs;
    private final Rehash rehash;
    private final Seal seal;
    private final CustodySigning signing;
    private final WorkerConfig.Custody config;
    private final WorkerName name;
    private final Clock clock;

    @Inject
    RehashTask(
            Care care,
            CustodyLogs logs,
            Seal seal,
            CustodySigning signing,
            WorkerConfig config,
            WorkerName name,
            Clock clock) {
        this(care, logs, seal, signing, config.custody(), name, clock);
    }

    RehashTask(
            Care care,
            CustodyLogs logs,
            Seal seal,
            CustodySigning signing,
            WorkerConfig.Custody config,
            WorkerName name,
            Clock clock) {
        this.care = care;
        this.logs = logs;
        this.rehash = new Rehash(logs);
        this.seal = seal;
        this.signing = signing;
        this.config = config;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.REHASH_EVIDENCE;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        Instant begun = clock.instant();
        List<EvidenceKey> due = care.due(begun.minus(config.rehashEvery()), 1);
        if (due.isEmpty()) {
            return new Outcome.Again(begun.plus(config.poll()));
        }
        long read = goOn(due.getFirst());
        return new Outcome.Again(begun.plus(Duration.ofMillis(read * 1000 / Math.max(1, config.rehashRate()))));
    }

    /// @return bytes read
    private long goOn(EvidenceKey key) throws IOException {
        Optional<Manifest> manifest;
        try {
            manifest = seal.manifest(key);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            end(key, List.of("manifest.json cannot be read"), 0);
            return 0;
        }
        if (manifest.isEmpty()) {
            end(key, List.of("manifest.json is missing"), 0);
            return 0;
        }
        Kept kept = care.of(key);
        Slice slice = rehash.read(key, manifest.get(), kept.part(), SLICE);
        var bad = new ArrayList<>(kept.bad());
        bad.addAll(slice.bad());
        if (!slice.last()) {
            care.progress(key, slice.part(), bad.subList(0, Math.min(bad.size(), MOST_NAMED)));
            return slice.bytes();
        }
        bad.addAll(rehash.records(key));
        end(key, bad, manifest.get().object().size());
        return slice.bytes();
    }

    private void end(EvidenceKey key, List<String> bad, long size) throws IOException {
        Optional<String> problem = bad.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        bad.size() == 1
                                ? bad.getFirst()
                                : "%d problems, first: %s".formatted(bad.size(), bad.getFirst()));
        logs.of(key)
                .append(
                        name.actor(),
                        "rehashed",
                        problem.map(text -> "NOT as sealed: " + text).orElse("as sealed, %d bytes".formatted(size)));
        signing.sign(key);
        care.checked(key, clock.instant(), problem);
        problem.ifPresentOrElse(
                text -> LOG.errorf("evidence %s is NOT as it was sealed: %s", key, text),
                () -> LOG.infof("evidence %s is as it was sealed", key));
    }
}
