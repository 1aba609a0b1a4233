package io.varve.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Exports;
import io.varve.database.SigningKeyRing;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.CustodyWitness;
import io.varve.evidence.Digest;
import io.varve.evidence.DirectoryStore;
import io.varve.evidence.EvidenceExport;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.PackageContents;
import io.varve.evidence.PackageStream;
import io.varve.evidence.PackageVerifier;
import io.varve.evidence.PublicKeys;
import io.varve.evidence.Seal;
import io.varve.evidence.Signer;
import io.varve.evidence.SigningKeys;
import io.varve.evidence.TestAuthority;
import io.varve.evidence.Verification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A package is asked for, signed by the worker, and stamped where there is an authority that answers.
@Tag("custody")
final class ExportTaskTest {
    private static final byte[] BYTES = "what was captured".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    private final EvidenceKey key = EvidenceKey.mint("main");
    private final OneExport exports = new OneExport(key);
    private final List<EvidenceKey> unstamped = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private CustodyLogs logs;

    @SuppressWarnings("NullAway.Init")
    private SigningKeys keys;

    @SuppressWarnings("NullAway.Init")
    private Seal seal;

    @BeforeEach
    void seal() throws IOException {
        logs = new CustodyLogs(new DirectoryStore(folder.resolve("objects")), CustodyWitness.NONE, Clock.systemUTC());
        keys = new SigningKeys(Files.createDirectories(folder.resolve("keys")));
        seal = new Seal(logs, keys);
        logs.store()
                .upload(key.object(Seal.DATA))
                .part(1, 0, Digest.of(BYTES), new ByteArrayInputStream(BYTES), BYTES.length);
        seal.seal(
                key,
                new Seal.Origin("c", "endpoint", "triage", "h", Instant.now(), "application/gzip", Map.of()),
                "worker:w1",
                digest -> Optional.empty());
    }

    @Test
    void the_package_verifies_with_the_workers_key_and_holds_the_authoritys_stamp() throws Exception {
        try (var authority = new TestAuthority()) {
            task(Optional.of(authority.address())).run(exports.export.id().toString());
        }
        assertThat(exports.problem).isEmpty();
        Path archive = archive();
        assertThat(Files.size(archive)).isEqualTo(exports.size.orElseThrow());
        Verification result =
                PackageVerifier.verify(archive, Optional.of(keys.current().fingerprint()));
        assertThat(result.problems()).isEmpty();
        assertThat(result.pinned()).isTrue();
        assertThat(names()).contains("timestamps/00000002.tsr", "checkpoints/00000002.json", "keys.json");
        assertThat(logs.of(key).entries().getLast())
                .extracting(CustodyEntry::actor, CustodyEntry::action)
                .containsExactly("user:alice", "exported");
    }

    @Test
    void an_authority_that_does_not_answer_costs_the_stamp_and_not_the_package() throws Exception {
        URI nobody;
        try (var authority = new TestAuthority()) {
            nobody = authority.address();
        }
        task(Optional.of(nobody)).run(exports.export.id().toString());
        assertThat(PackageVerifier.verify(archive(), Optional.empty()).problems())
                .isEmpty();
        assertThat(names()).noneMatch(name -> name.startsWith("timestamps/"));
        assertThat(unstamped).containsExactly(key);
    }

    @Test
    void a_stamp_that_could_not_be_had_is_asked_for_until_it_is_there() throws Exception {
        URI nobody;
        try (var authority = new TestAuthority()) {
            nobody = authority.address();
        }
        Instant now = Instant.parse("2026-11-27T12:00:00Z");
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        String subject = SignTask.stamping(key);
        assertThat(new SignTask(signing(Optional.of(nobody)), clock).run(subject))
                .isEqualTo(new Outcome.Again(now.plus(SignTask.STAMPED_AGAIN)));
        try (var authority = new TestAuthority()) {
            assertThat(new SignTask(signing(Optional.of(authority.address())), clock).run(subject))
                    .isEqualTo(Outcome.DONE);
        }
        task(Optional.empty()).run(exports.export.id().toString());
        assertThat(names())
                .contains("timestamps/00000001.tsr")
                .as("signed once when it was sealed, and for the package")
                .filteredOn(name -> name.startsWith("checkpoints/"))
                .hasSize(2);
    }

    @Test
    void asked_again_after_a_crash_it_is_the_same_package() throws Exception {
        ExportTask task = task(Optional.empty());
        task.run(exports.export.id().toString());
        byte[] first = Files.readAllBytes(archive());
        exports.export = OneExport.asked(key, exports.export.id());
        task.run(exports.export.id().toString());
        assertThat(Files.readAllBytes(archive())).isEqualTo(first);
        assertThat(logs.of(key).entries())
                .filteredOn(entry -> entry.action().equals("exported"))
                .hasSize(1);
    }

    @Test
    void evidence_that_is_not_sealed_makes_no_package_and_says_why() throws Exception {
        exports.export = OneExport.asked(EvidenceKey.mint("main"), UUID.randomUUID());
        task(Optional.empty()).run(exports.export.id().toString());
        assertThat(exports.problem).hasValueSatisfying(text -> assertThat(text).contains("is not sealed"));
    }

    private Path archive() throws IOException {
        Path file = folder.resolve("package.tar");
        try (var out = Files.newOutputStream(file)) {
            new PackageStream(logs.store()).write(contents(), out);
        }
        return file;
    }

    private PackageContents contents() throws IOException {
        return new PackageStream(logs.store())
                .contents(key, exports.export.id().toString())
                .orElseThrow();
    }

    private List<String> names() throws IOException {
        return contents().files().stream().map(PackageContents.Item::name).toList();
    }

    private ExportTask task(Optional<URI> authority) {
        return new ExportTask(
                exports,
                new OneKey(keys),
                new EvidenceExport(logs, keys),
                logs.store(),
                signing(authority),
                Clock.systemUTC());
    }

    private CustodySigning signing(Optional<URI> authority) {
        return new CustodySigning(seal, logs.store(), new Settings(authority), unstamped::add);
    }

    private record Settings(Optional<URI> timestampAuthority) implements WorkerConfig.Custody {
        @Override
        public Duration rehashEvery() {
            return Duration.ofDays(30);
        }

        @Override
        public long rehashRate() {
            return 1;
        }

        @Override
        public Duration poll() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Optional<Duration> deleteAfter() {
            return Optional.empty();
        }
    }

    private record OneKey(SigningKeys keys) implements SigningKeyRing {
        @Override
        public void publish(Signer key, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void retire(Signer key, Instant at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PublicKeys all() {
            try {
                Signer key = keys.current();
                return new PublicKeys(List.of(
                        new PublicKeys.Key(key.fingerprint(), key.publicKey(), Instant.EPOCH, Optional.empty())));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static final class OneExport implements Exports {
        private Export export;
        private Optional<Long> size = Optional.empty();
        private Optional<String> problem = Optional.empty();

        OneExport(EvidenceKey key) {
            this.export = asked(key, UUID.randomUUID());
        }

        static Export asked(EvidenceKey key, UUID id) {
            return new Export(
                    id,
                    new Organisation("main"),
                    key,
                    "court",
                    "user:alice",
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public void insert(Export other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Export> find(UUID id) {
            return Optional.of(export);
        }

        @Override
        public List<Export> of(EvidenceKey evidence, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ready(UUID id, long bytes, Instant at) {
            size = Optional.of(bytes);
        }

        @Override
        public void failed(UUID id, String text, Instant at) {
            problem = Optional.of(text);
        }
    }
}
