package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItem.Processing;
import io.varve.database.Job;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class EvidenceTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final AssetId asset = database.asset(organisation);

    @Test
    void anItemIsMintedFilledSealedAndProcessed() {
        Incident incident = Samples.incident(organisation, List.of(asset));
        Capture capture = Samples.queued(organisation, asset, Optional.of(incident.id()));
        EvidenceItem item = minted(capture);
        Digest digest = Digest.of(new byte[] {1});
        database.run(db -> {
            db.incidents.save(incident);
            db.captures.save(capture);
            db.evidence.insert(item);
        });
        database.run(db -> db.evidence.received(item.key(), 10, 1));
        database.run(db ->
                assertThat(db.evidence.sealed(item.key(), 20, digest, 2, NOW)).isEmpty());
        database.run(db -> assertThat(db.evidence.in(Processing.State.WAITING, 1000))
                .extracting(EvidenceItem::key)
                .contains(item.key()));
        database.run(db -> assertThat(db.evidence.begin(item.key(), NOW)).isEqualTo(1));
        database.run(db -> db.evidence.progress(item.key(), 7, 10, 20, "reading"));
        database.run(db -> db.evidence.processed(item.key(), Processing.State.DONE, 8, "done", NOW));
        database.run(db -> db.evidence.coverage(item.key(), "{\"files\":3}"));

        EvidenceItem stored = database.transaction(db -> db.evidence.ofIncident(incident.id()))
                .getFirst();
        assertThat(stored.state()).isEqualTo(EvidenceItem.State.SEALED);
        assertThat(stored.sha256()).contains(digest);
        assertThat(stored.processing())
                .isEqualTo(
                        new Processing(Processing.State.DONE, 8, "done", 10, 20, Optional.of(NOW), Optional.of(NOW)));
        database.run(db -> assertThat(db.evidence.coverage(item.key()))
                .hasValueSatisfying(json -> assertThat(json).contains("\"files\": 3")));
        database.run(db -> assertThat(db.evidence.ofAsset(asset)).containsExactly(stored));
    }

    @Test
    void theSameBytesSealedAtOnceAreKeptOnce() throws Exception {
        Digest digest = Digest.of(new byte[] {2});
        List<EvidenceKey> keys = List.of(insert(), insert(), insert(), insert());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<EvidenceKey>>> sealed = threads.invokeAll(keys.stream()
                    .map(key -> (Callable<Optional<EvidenceKey>>)
                            () -> database.transaction(db -> db.evidence.sealed(key, 5, digest, 1, NOW)))
                    .toList());
            int originals = 0;
            for (Future<Optional<EvidenceKey>> one : sealed) {
                originals += one.get().isEmpty() ? 1 : 0;
            }
            assertThat(originals).isEqualTo(1);
        }
        EvidenceKey original = database.transaction(db -> db.evidence.byDigest(organisation, digest))
                .orElseThrow()
                .key();
        for (EvidenceKey key : keys) {
            database.run(db -> assertThat(db.evidence.sealed(key, 5, digest, 1, NOW))
                    .isEqualTo(key.equals(original) ? Optional.empty() : Optional.of(original)));
        }
    }

    @Test
    void aDiscardedItemIsNeverEvidence() {
        EvidenceKey key = insert();
        database.run(db -> db.evidence.discarded(key));
        database.run(
                db -> assertThat(db.evidence.find(key).orElseThrow().state()).isEqualTo(EvidenceItem.State.DISCARDED));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> database.transaction(db -> db.evidence.sealed(key, 1, Digest.of(new byte[0]), 1, NOW))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aJobIsStartedCheckpointedCancelledAndEnded() {
        Job job = Job.queued(organisation, "process-evidence", "main/ev-1", NOW);
        database.run(db -> db.jobs.insert(job));
        database.run(db -> db.jobs.started(job.id(), NOW));
        database.run(db -> db.jobs.started(job.id(), NOW.plusSeconds(9)));
        database.run(db -> db.jobs.progress(job.id(), 1, 2, "half"));
        database.run(db -> db.jobs.checkpoint(job.id(), "segment 3"));
        database.run(db -> assertThat(db.jobs.cancel(job.id())).isTrue());
        database.run(db -> assertThat(db.jobs.cancelRequested(job.id())).isTrue());
        database.run(db -> db.jobs.ended(job.id(), Job.State.CANCELLED, "cancelled", NOW));
        database.run(db -> assertThat(db.jobs.cancel(job.id())).isFalse());
        Job ended = database.transaction(db -> db.jobs.of("process-evidence", "main/ev-1"))
                .orElseThrow();
        assertThat(ended.attempts()).isEqualTo(2);
        assertThat(ended.startedAt()).contains(NOW);
        assertThat(ended.endedAt()).contains(NOW);
        assertThat(ended.checkpoint()).contains("segment 3");
        database.run(db -> assertThat(db.jobs.newest(organisation, 10)).containsExactly(ended));
    }

    private EvidenceKey insert() {
        Capture capture = Samples.queued(organisation, database.asset(organisation), Optional.empty());
        EvidenceItem item = minted(capture);
        database.run(db -> {
            db.captures.save(capture);
            db.evidence.insert(item);
        });
        return item.key();
    }

    private static EvidenceItem minted(Capture capture) {
        return EvidenceItem.minted(
                new EvidenceKey(capture.evidence()), capture.asset(), "endpoint", "linux-triage", capture.id(), NOW);
    }
}
