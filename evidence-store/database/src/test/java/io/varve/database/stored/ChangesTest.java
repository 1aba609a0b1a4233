package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.News;
import io.varve.database.Changes.What;
import io.varve.database.Corroboration;
import io.varve.database.EvidenceItem;
import io.varve.database.Job;
import io.varve.evidence.EvidenceKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ChangesTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final Incident incident = Samples.incident(organisation, List.of(database.asset(organisation)));

    @Test
    void everyKindOfChangeIsToldOnce() {
        database.run(db -> db.incidents.save(incident));
        long position = database.transaction(db -> db.changes.now());
        Capture capture = Samples.queued(organisation, incident.assets().getFirst(), Optional.of(incident.id()));
        EvidenceKey key = new EvidenceKey(capture.evidence());
        Alert alert = Samples.received(organisation);
        database.run(db -> {
            db.captures.save(capture);
            db.evidence.insert(EvidenceItem.minted(
                    key, capture.asset(), capture.provider(), capture.profile(), capture.id(), NOW));
            db.jobs.insert(Job.queued(organisation, "process-evidence", key.value(), NOW));
            db.alerts.receive(alert, new byte[0]);
            db.alerts.update(Samples.normalised(alert, "changes", Optional.of(incident.id())));
            db.corroborations.save(
                    new Corroboration(
                            alert.id(),
                            organisation,
                            Corroboration.State.CONFIRMED,
                            "the process ran",
                            "[{\"id\":\"e1\"}]",
                            "[]",
                            NOW),
                    List.of(new Corroboration.Link("e1", key), new Corroboration.Link("e1", key)));
        });
        News news = database.transaction(db -> db.changes.since(incident.id(), position));
        assertThat(news.what()).containsExactlyInAnyOrder(What.values());
        database.run(db -> assertThat(
                        db.changes.since(incident.id(), news.position()).what())
                .isEmpty());
        database.run(db -> assertThat(db.corroborations.alertsOf(List.of("e1", "e2")))
                .isEqualTo(java.util.Map.of("e1", List.of(alert.id()))));
        database.run(db -> assertThat(db.corroborations.of(List.of(alert.id()))).containsOnlyKeys(alert.id()));
    }

    @Test
    void aChangeThatCommitsLateIsNotMissed() throws Exception {
        database.run(db -> db.incidents.save(incident));
        long position = database.transaction(db -> db.changes.now());
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        Thread late = Thread.ofVirtual()
                .start(() -> database.run(db -> {
                    db.changes.incident(organisation, Optional.of(incident.id()), What.JOB);
                    written.countDown();
                    await(mayCommit);
                }));
        await(written);
        database.run(db -> db.changes.incident(organisation, Optional.of(incident.id()), What.ALERT));
        News before = database.transaction(db -> db.changes.since(incident.id(), position));
        mayCommit.countDown();
        late.join();
        News after = database.transaction(db -> db.changes.since(incident.id(), before.position()));
        assertThat(before.what()).doesNotContain(What.JOB);
        assertThat(after.what()).contains(What.JOB);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
