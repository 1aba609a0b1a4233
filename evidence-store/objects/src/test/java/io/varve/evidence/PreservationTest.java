package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreservationTest {
    private static final EvidenceKey KEY = EvidenceKey.mint("main");
    private static final byte[] BYTES = "evidence".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    @Test
    void sealed_evidence_is_copied_retained_and_said_so_in_custody_once() throws IOException {
        var first = new DirectoryStore(folder.resolve("first"));
        var second = new DirectoryStore(folder.resolve("second"));
        Manifest manifest = sealed(first);
        var preservation = new Preservation(
                logs(first),
                Optional.of(new Preservation.Copies(second, "s3 https://copy.example.com")),
                Optional.of(new Preservation.Term(Duration.ofDays(30), Retention.Mode.COMPLIANCE)));
        preservation.preserve(manifest, "worker:test", seal(first)::sign);
        preservation.preserve(manifest, "worker:test", seal(first)::sign);

        Verification copy = PackageVerifier.verify(second, KEY, Optional.empty());
        assertThat(copy.problems()).isEmpty();
        assertThat(copy.unsignedEntries()).isZero();
        assertThat(preservation.until(manifest)).contains(manifest.sealed().plus(Duration.ofDays(30)));
        List<CustodyEntry> entries = new CustodyLog(first, KEY, Clock.systemUTC()).entries();
        assertThat(entries).extracting(CustodyEntry::action).containsExactly("sealed", "copied", "retained");
        assertThat(entries.get(1).detail())
                .isEqualTo("to s3 https://copy.example.com, 8 bytes read back, SHA-256 " + Digest.of(BYTES));
        for (ObjectStore store : List.of(first, second)) {
            assertThatThrownBy(() -> store.delete(KEY.object(Seal.DATA))).isInstanceOf(ProtectedException.class);
            assertThatThrownBy(() -> store.delete(KEY.object(Seal.MANIFEST))).isInstanceOf(ProtectedException.class);
        }
        try (Stream<String> names = second.list(KEY.object("custody/"))) {
            assertThat(names).hasSize(3);
        }
    }

    @Test
    void a_copy_is_not_made_of_bytes_that_changed_since_they_were_sealed() throws IOException {
        var first = new DirectoryStore(folder.resolve("first"));
        var second = new DirectoryStore(folder.resolve("second"));
        Manifest manifest = sealed(first);
        Path data = folder.resolve("first").resolve(KEY.object(Seal.DATA));
        assertThat(data.toFile().setWritable(true)).isTrue();
        Files.writeString(data, "tampered", StandardOpenOption.TRUNCATE_EXISTING);
        var preservation =
                new Preservation(logs(first), Optional.of(new Preservation.Copies(second, "copy")), Optional.empty());
        assertThatThrownBy(() -> preservation.preserve(manifest, "worker:test", seal(first)::sign))
                .isInstanceOf(DigestMismatchException.class);
        assertThat(second.info(KEY.object(Seal.DATA))).isEmpty();
    }

    @Test
    void without_a_second_store_and_a_term_nothing_is_written() throws IOException {
        var first = new DirectoryStore(folder.resolve("first"));
        Manifest manifest = sealed(first);
        new Preservation(logs(first), Optional.empty(), Optional.empty())
                .preserve(manifest, "worker:test", seal(first)::sign);
        assertThat(new CustodyLog(first, KEY, Clock.systemUTC()).entries()).hasSize(1);
    }

    @Test
    void what_policy_lets_go_is_removed_from_the_second_store_too() throws IOException {
        var first = new DirectoryStore(folder.resolve("first"));
        var second = new DirectoryStore(folder.resolve("second"));
        var preservation =
                new Preservation(logs(first), Optional.of(new Preservation.Copies(second, "copy")), Optional.empty());
        preservation.preserve(sealed(first), "worker:test", seal(first)::sign);
        assertThat(second.info(KEY.object(Seal.DATA))).isPresent();

        preservation.forget(KEY);

        assertThat(second.info(KEY.object(Seal.DATA))).isEmpty();
        assertThat(second.info(KEY.object(Seal.MANIFEST))).isPresent();
    }

    private static CustodyLogs logs(ObjectStore store) {
        return new CustodyLogs(store, CustodyWitness.NONE, Clock.systemUTC());
    }

    private Seal seal(ObjectStore store) throws IOException {
        return new Seal(store, Signer.in(folder.resolve("keys")), Clock.systemUTC());
    }

    private Manifest sealed(ObjectStore store) throws IOException {
        store.upload(KEY.object(Seal.DATA)).part(1, 0, Digest.of(BYTES), new ByteArrayInputStream(BYTES), BYTES.length);
        var origin = new Seal.Origin("c", "endpoint", "triage", "host", Instant.now(), "text/plain", Map.of());
        return seal(store).seal(KEY, origin, "worker:test", digest -> Optional.empty());
    }
}
