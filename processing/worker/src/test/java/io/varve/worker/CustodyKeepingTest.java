package io.varve.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Care;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.CustodyWitness;
import io.varve.evidence.Digest;
import io.varve.evidence.DirectoryStore;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.PackageVerifier;
import io.varve.evidence.Seal;
import io.varve.evidence.SigningKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading stored evidence back: paced, resumed, and never silent about what it finds.
@Tag("custody")
final class CustodyKeepingTest {
    private static final int PART = 40 << 20;
    private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path folder = Path.of("");

    private final EvidenceKey key = EvidenceKey.mint("main");

    @SuppressWarnings("NullAway.Init")
    private CustodyLogs logs;

    @SuppressWarnings("NullAway.Init")
    private Seal seal;

    @SuppressWarnings("NullAway.Init")
    private FakeCare care;

    @BeforeEach
    void seal() throws IOException {
        logs = new CustodyLogs(new DirectoryStore(folder.resolve("objects")), CustodyWitness.NONE, CLOCK);
        seal = new Seal(logs, new SigningKeys(Files.createDirectories(folder.resolve("keys"))));
        care = new FakeCare(key);
        logs.of(key).append("worker:w1", "capture.started", "");
        var upload = logs.store().upload(key.object(Seal.DATA));
        for (int i = 0; i < 3; i++) {
            byte[] part = new byte[PART];
            Arrays.fill(part, (byte) i);
            upload.part(i + 1, (long) i * PART, Digest.of(part), new ByteArrayInputStream(part), PART);
        }
        seal.seal(
                key,
                new Seal.Origin("c", "endpoint", "disk", "h", NOW, "application/octet-stream", Map.of()),
                "worker:w1",
                digest -> Optional.empty());
    }

    @Test
    void it_reads_two_parts_waits_as_long_as_they_may_take_and_goes_on_at_the_third() throws IOException {
        assertThat(task().run("all")).isEqualTo(new Outcome.Again(NOW.plusMillis(2L * PART * 1000 / Custody.RATE)));
        assertThat(care.part).isEqualTo(2);
        assertThat(care.checkedAt).isEmpty();
        task().run("all");
        assertThat(care.checkedAt).contains(NOW);
        assertThat(care.problem).isEmpty();
        assertThat(logs.of(key).entries().getLast())
                .extracting(CustodyEntry::action, CustodyEntry::detail)
                .containsExactly("rehashed", "as sealed, %d bytes".formatted(3 * PART));
        assertThat(PackageVerifier.verifyRecords(logs.store(), key).unsignedEntries())
                .isZero();
        assertThat(task().run("all")).isEqualTo(new Outcome.Again(NOW.plus(Duration.ofMinutes(1))));
    }

    @Test
    void a_part_that_was_altered_is_an_alarm_and_an_entry_though_a_later_slice_ends_the_check() throws IOException {
        Path data = folder.resolve("objects").resolve(key.object(Seal.DATA));
        byte[] bytes = Files.readAllBytes(data);
        bytes[PART + 7] ^= 1;
        Files.delete(data);
        Files.write(data, bytes);
        task().run("all");
        assertThat(care.problem).isEmpty();
        task().run("all");
        String found = "part 2 (bytes %d to %d) was altered".formatted(PART, 2 * PART - 1);
        assertThat(care.problem).contains(found);
        assertThat(logs.of(key).entries().getLast().detail()).isEqualTo("NOT as sealed: " + found);
    }

    private RehashTask task() {
        var config = new Custody();
        return new RehashTask(
                care,
                logs,
                seal,
                new CustodySigning(seal, logs.store(), config, evidence -> {}),
                config,
                new WorkerName(),
                CLOCK);
    }

    private static final class Custody implements WorkerConfig.Custody {
        static final long RATE = 1_000_000;

        @Override
        public Duration rehashEvery() {
            return Duration.ofDays(30);
        }

        @Override
        public long rehashRate() {
            return RATE;
        }

        @Override
        public Duration poll() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Optional<Duration> deleteAfter() {
            return Optional.empty();
        }

        @Override
        public Optional<URI> timestampAuthority() {
            return Optional.empty();
        }
    }

    /// One item that is due until it was checked.
    private static final class FakeCare implements Care {
        private final EvidenceKey key;
        private int part;
        private List<String> bad = List.of();
        private Optional<Instant> checkedAt = Optional.empty();
        private Optional<String> problem = Optional.empty();

        FakeCare(EvidenceKey key) {
            this.key = key;
        }

        @Override
        public Kept of(EvidenceKey evidence) {
            return new Kept(Optional.empty(), Optional.empty(), part, bad, checkedAt, problem);
        }

        @Override
        public List<EvidenceKey> due(Instant before, int limit) {
            return checkedAt.isEmpty() ? List.of(key) : List.of();
        }

        @Override
        public void progress(EvidenceKey evidence, int read, List<String> found) {
            part = read;
            bad = List.copyOf(found);
        }

        @Override
        public void checked(EvidenceKey evidence, Instant at, Optional<String> found) {
            part = 0;
            checkedAt = Optional.of(at);
            problem = found;
        }

        @Override
        public boolean hold(EvidenceKey evidence, Hold hold) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean lift(EvidenceKey evidence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant retain(EvidenceKey evidence, Instant until) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<EvidenceKey> alarms(Organisation organisation, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<EvidenceKey> expired(Instant sealedBefore, Instant now, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean deleted(EvidenceKey evidence, Instant sealedBefore, Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void purged(EvidenceKey evidence, Instant at) {
            throw new UnsupportedOperationException();
        }
    }
}
