package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.database.Exports.Export;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyWitness.Seen;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Signer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("custody")
final class CustodyTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final AssetId asset = database.asset(organisation);

    @Test
    void entries_are_seen_once_and_cannot_be_changed_or_removed() {
        EvidenceKey key = EvidenceKey.mint(organisation.value());
        var entry = new CustodyEntry(
                CustodyEntry.SCHEMA, key, 1, NOW, "user:a", "sealed", "", CustodyEntry.NONE, Optional.empty());
        var other = new CustodyEntry(
                CustodyEntry.SCHEMA, key, 1, NOW, "user:m", "sealed", "", CustodyEntry.NONE, Optional.empty());
        database.run(db -> new StoredCustodyWitness(db.session).saw(entry));
        database.run(db -> new StoredCustodyWitness(db.session).saw(other));
        database.run(db -> assertThat(new StoredCustodyWitness(db.session).seen(key))
                .containsExactly(new Seen(1, entry.digest())));
        for (String change : List.of(
                "update custody_entry set actor = 'user:m'", "delete from custody_entry", "truncate custody_entry")) {
            assertThatThrownBy(() -> database.run(
                            db -> db.session.createNativeMutationQuery(change).executeUpdate()))
                    .as(change)
                    .hasStackTraceContaining("never changed or removed");
        }
    }

    @Test
    void keys_are_published_once_and_retired(@TempDir Path folder) throws IOException {
        Signer key = Signer.in(folder);
        database.run(db -> new StoredSigningKeyRing(db.session).publish(key, NOW));
        database.run(db -> new StoredSigningKeyRing(db.session).publish(key, NOW.plusSeconds(9)));
        database.run(db -> new StoredSigningKeyRing(db.session).retire(key, NOW.plusSeconds(5)));
        database.run(db -> assertThat(new StoredSigningKeyRing(db.session).all().keys())
                .filteredOn(known -> known.fingerprint().equals(key.fingerprint()))
                .singleElement()
                .satisfies(known -> {
                    assertThat(known.publicKey()).isEqualTo(key.publicKey());
                    assertThat(known.since()).isEqualTo(NOW);
                    assertThat(known.retired()).contains(NOW.plusSeconds(5));
                }));
    }

    @Test
    void an_export_is_asked_for_and_becomes_ready() {
        EvidenceKey key = EvidenceKey.mint(organisation.value());
        var export = new Export(
                UUID.randomUUID(),
                organisation,
                key,
                "court",
                "user:a",
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        database.run(db -> new StoredExports(db.session).insert(export));
        database.run(db -> new StoredExports(db.session).ready(export.id(), 10, NOW));
        database.run(db -> assertThat(new StoredExports(db.session).of(key, 5))
                .singleElement()
                .satisfies(found -> assertThat(found.size()).contains(10L)));
    }

    @Test
    void evidence_is_let_go_only_without_hold_retention_and_references() {
        EvidenceKey key = sealed(new byte[] {1});
        assertThat(may(key)).isTrue();
        run(care -> care.hold(key, new Care.Hold("user:a", NOW, "case 7")));
        assertThat(may(key)).as("held").isFalse();
        boolean again = run(care -> care.hold(key, new Care.Hold("user:b", NOW, "again")));
        assertThat(again).isFalse();
        assertThat(kept(key).hold()).contains(new Care.Hold("user:a", NOW, "case 7"));
        run(care -> care.lift(key));
        run(care -> care.retain(key, NOW.plus(Duration.ofDays(400))));
        run(care -> care.retain(key, NOW));
        assertThat(may(key)).as("retention is never shortened").isFalse();
        EvidenceKey bytes = sealed(new byte[] {2});
        EvidenceKey reference = sealed(new byte[] {2});
        assertThat(may(bytes)).as("another item refers to it").isFalse();
        assertThat(delete(reference)).isTrue();
        assertThat(delete(bytes)).isTrue();
        assertThat(delete(bytes)).as("again after a crash").isTrue();
        assertThat(may(bytes)).as("its bytes are not known to be gone").isTrue();
        database.run(db -> care(db).purged(bytes, NOW));
        assertThat(may(bytes)).isFalse();
        database.run(db -> assertThat(db.evidence.byDigest(organisation, Digest.of(new byte[] {2})))
                .isEmpty());
        assertThat(delete(key)).isFalse();
    }

    @Test
    void what_was_never_read_back_is_due_and_what_went_wrong_is_an_alarm() {
        EvidenceKey key = sealed(new byte[] {3});
        assertThat(due()).contains(key);
        database.run(db -> care(db).progress(key, 4, List.of("part 2 was altered")));
        assertThat(kept(key).part()).isEqualTo(4);
        assertThat(kept(key).bad()).containsExactly("part 2 was altered");
        database.run(db -> care(db).checked(key, NOW.plusSeconds(5), Optional.of("part 2 was altered")));
        assertThat(due()).doesNotContain(key);
        assertThat(alarms()).containsExactly(key);
        assertThat(kept(key).part()).isZero();
        database.run(db -> care(db).checked(key, NOW.plusSeconds(9), Optional.empty()));
        assertThat(alarms()).isEmpty();
    }

    private boolean may(EvidenceKey key) {
        List<EvidenceKey> expired = run(care -> care.expired(NOW.plusSeconds(1), NOW.plusSeconds(1), 10_000));
        return expired.contains(key);
    }

    private boolean delete(EvidenceKey key) {
        return run(care -> care.deleted(key, NOW.plusSeconds(1), NOW.plusSeconds(1)));
    }

    private Care.Kept kept(EvidenceKey key) {
        return run(care -> care.of(key));
    }

    private List<EvidenceKey> due() {
        return run(care -> care.due(NOW.plusSeconds(1), 10_000));
    }

    private List<EvidenceKey> alarms() {
        return run(care -> care.alarms(organisation, 10));
    }

    private <T> T run(Function<Care, T> work) {
        return database.transaction(db -> work.apply(care(db)));
    }

    private static Care care(TestDatabase.Stored db) {
        return new StoredCare(db.session, db.changes);
    }

    private EvidenceKey sealed(byte[] content) {
        Capture capture =
                Samples.in(Samples.queued(organisation, asset, Optional.empty()), Capture.State.CAPTURED, false);
        EvidenceKey key = new EvidenceKey(capture.evidence());
        database.run(db -> {
            db.captures.save(capture);
            db.evidence.insert(
                    EvidenceItem.minted(key, asset, "endpoint", "triage", capture.id(), NOW.minusSeconds(60)));
        });
        database.run(db -> db.evidence.sealed(key, content.length, Digest.of(content), 1, NOW));
        return key;
    }
}
