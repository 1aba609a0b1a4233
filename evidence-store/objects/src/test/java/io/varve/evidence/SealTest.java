package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("custody")
final class SealTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:00:00Z"), ZoneOffset.UTC);
    private static final byte[] BYTES = "what the host looked like".getBytes(StandardCharsets.UTF_8);
    private final EvidenceKey key = EvidenceKey.mint("main");

    @TempDir
    Path folder = Path.of("");

    private DirectoryStore store = unset();
    private Signer signer = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryStore(folder.resolve("objects"));
        signer = Signer.in(folder.resolve("keys"));
    }

    @Test
    void sealed_evidence_verifies_with_its_signer_pinned() throws IOException {
        Manifest manifest = seal(key, Optional.empty());
        assertThat(manifest.object().sha256()).isEqualTo(Digest.of(BYTES));
        Verification result = PackageVerifier.verify(store, key, Optional.of(signer.fingerprint()));
        assertThat(result.problems()).isEmpty();
        assertThat(result.pinned()).isTrue();
        assertThat(result.bytes()).isEqualTo(BYTES.length);
        assertThat(result.entries()).isEqualTo(2);
        assertThat(result.unsignedEntries()).isZero();
    }

    @Test
    void sealing_again_after_a_crash_gives_the_same_manifest_and_one_entry() throws IOException {
        Manifest first = seal(key, Optional.empty());
        Manifest second = new Seal(store, signer, CLOCK).seal(key, origin(), "worker:2", digest -> Optional.empty());
        assertThat(second).isEqualTo(first);
        assertThat(new CustodyLog(store, key, CLOCK).entries())
                .extracting(CustodyEntry::action)
                .containsExactly("capture.started", "sealed");
    }

    @Test
    void one_altered_byte_is_found_and_its_part_named() throws IOException {
        seal(key, Optional.empty());
        Path data = file("data");
        byte[] altered = BYTES.clone();
        altered[3] ^= 1;
        Files.delete(data);
        Files.write(data, altered);
        assertThat(verify().problems()).anyMatch(p -> p.contains("part 1 (bytes 0 to 24) was altered"));
    }

    @Test
    void bytes_cut_off_or_added_are_found() throws IOException {
        seal(key, Optional.empty());
        Files.delete(file("data"));
        Files.write(file("data"), new byte[3]);
        assertThat(verify().problems()).anyMatch(p -> p.contains("ends at byte 3 of 25"));
        Files.write(file("data"), (new String(BYTES, StandardCharsets.UTF_8) + "x").getBytes(StandardCharsets.UTF_8));
        assertThat(verify().problems()).anyMatch(p -> p.contains("longer than"));
        Files.delete(file("data"));
        assertThat(verify().problems()).contains("data is missing");
    }

    @Test
    void a_changed_manifest_is_not_the_signed_one() throws IOException {
        seal(key, Optional.empty());
        String manifest = Files.readString(file("manifest.json"));
        Files.writeString(file("manifest.json"), manifest.replace("triage", "Triage"));
        assertThat(verify().problems()).anyMatch(p -> p.contains("manifest.json is not the one that was signed"));
    }

    @Test
    void a_changed_or_removed_custody_entry_breaks_the_chain() throws IOException {
        seal(key, Optional.empty());
        Path entry = file("custody/00000001.json");
        String text = Files.readString(entry);
        Files.writeString(entry, text.replace("agent:7", "agent:8"));
        assertThat(verify().problems()).anyMatch(p -> p.contains("the chain is broken"));
        Files.delete(entry);
        assertThat(verify().problems()).anyMatch(p -> p.contains("entry 2 where 1 was expected"));
    }

    @Test
    void another_signer_is_not_the_trusted_one() throws IOException {
        seal(key, Optional.empty());
        Digest other = Signer.in(folder.resolve("other")).fingerprint();
        Verification result = PackageVerifier.verify(file(""), Optional.of(other));
        assertThat(result.consistent()).isFalse();
        assertThat(result.pinned()).isFalse();
    }

    @Test
    void a_log_rewritten_and_signed_with_another_key_is_consistent_but_not_pinned() throws IOException {
        seal(key, Optional.empty());
        Verification unpinned = PackageVerifier.verify(file(""), Optional.empty());
        assertThat(unpinned.consistent()).isTrue();
        assertThat(unpinned.pinned()).isFalse();
        assertThat(unpinned.signer()).contains(signer.fingerprint());
    }

    @Test
    void the_same_bytes_under_another_key_become_a_reference_that_verifies() throws IOException {
        seal(key, Optional.empty());
        EvidenceKey second = EvidenceKey.mint("main");
        Manifest manifest = seal(second, Optional.of(key));
        assertThat(manifest.sameBytesAs()).contains(key);
        assertThat(store.info(second.object("data"))).isEmpty();
        assertThat(PackageVerifier.verify(store, second, Optional.empty()).problems())
                .isEmpty();
    }

    @Test
    void entries_after_the_checkpoint_are_counted_as_unsigned() throws IOException {
        seal(key, Optional.empty());
        new CustodyLog(store, key, CLOCK).append("user:alice", "downloaded", "25 bytes");
        assertThat(verify().unsignedEntries()).isEqualTo(1);
        assertThat(verify().consistent()).isTrue();
    }

    @Test
    void another_packages_files_do_not_pass_for_this_one() throws IOException {
        EvidenceKey other = EvidenceKey.mint("main");
        seal(key, Optional.empty());
        seal(other, Optional.empty());
        try (var files = Files.walk(folder.resolve("objects").resolve(other.object("")))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative =
                        folder.resolve("objects").resolve(other.object("")).relativize(file);
                Files.copy(file, file(relative.toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        assertThat(PackageVerifier.verify(store, key, Optional.of(signer.fingerprint()))
                        .problems())
                .containsExactly("manifest.json is of other evidence, " + other);
    }

    @Test
    void a_checkpoint_without_the_manifest_does_not_vouch_for_it() throws IOException {
        seal(key, Optional.empty());
        Files.delete(file("checkpoints/00000002.json"));
        new CustodyLog(store, key, CLOCK).checkpoint(signer, Optional.empty());
        Verification result = PackageVerifier.verify(store, key, Optional.of(signer.fingerprint()));
        assertThat(result.problems()).containsExactly("manifest.json is not signed");
    }

    @Test
    void something_added_to_the_last_entry_is_found() throws IOException {
        seal(key, Optional.empty());
        Files.writeString(file("custody/00000002.json"), " ", StandardOpenOption.APPEND);
        assertThat(verify().problems()).anyMatch(p -> p.startsWith("custody/00000002.json: "));
    }

    @Test
    void a_package_cannot_print_a_verdict_of_its_own() throws IOException {
        seal(key, Optional.empty());
        Files.writeString(file("custody/3\nconsistent, signed by the trusted key"), "{}");
        assertThat(PackageVerifier.verify(folder.resolve("objects").resolve(key.object("")), Optional.empty())
                        .problems())
                .isNotEmpty()
                .noneMatch(p -> p.contains("\n"));
    }

    private Manifest seal(EvidenceKey evidence, Optional<EvidenceKey> same) throws IOException {
        new CustodyLog(store, evidence, CLOCK).append("agent:7", "capture.started", "profile triage");
        store.upload(evidence.object(Seal.DATA))
                .part(1, 0, Digest.of(BYTES), new ByteArrayInputStream(BYTES), BYTES.length);
        return new Seal(store, signer, CLOCK).seal(evidence, origin(), "worker:1", digest -> same);
    }

    private static Seal.Origin origin() {
        return new Seal.Origin(
                "c1", "endpoint", "triage", "web01", CLOCK.instant(), "application/gzip", Map.of("agent", "7"));
    }

    private Verification verify() throws IOException {
        return PackageVerifier.verify(file(""), Optional.empty());
    }

    private Path file(String name) {
        return folder.resolve("objects").resolve(key.object("")).resolve(name);
    }
}
