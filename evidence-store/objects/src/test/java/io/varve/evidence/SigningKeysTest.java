package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("custody")
final class SigningKeysTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:00:00Z"), ZoneOffset.UTC);
    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);
    private final EvidenceKey key = EvidenceKey.mint("main");

    @TempDir
    Path folder = Path.of("");

    @Test
    void a_new_key_takes_over_and_what_the_old_one_signed_stays_valid() throws IOException {
        var keys = new SigningKeys(Files.createDirectories(folder.resolve("keys")));
        var logs = logs(CustodyWitness.NONE);
        Digest old = keys.current().fingerprint();
        seal(logs, keys);
        Digest fresh = keys.rotate().fingerprint();
        logs.of(key).append("user:alice", "downloaded", "5 bytes");
        assertThat(PackageVerifier.verify(logs.store(), key, Optional.of(old)).problems())
                .isEmpty();
        new Seal(logs, keys).sign(key);
        assertThat(fresh).isNotEqualTo(old);
        Verification result = PackageVerifier.verify(logs.store(), key, Optional.of(fresh));
        assertThat(result.problems()).isEmpty();
        assertThat(result.signer()).contains(fresh);
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys/custody-signing.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(folder.resolve("keys")).isDirectoryContaining("glob:**custody-signing.key");
        assertThat(folder.resolve("keys").toFile().list()).hasSize(1);
    }

    @Test
    void a_log_cut_short_with_its_checkpoints_is_found_out_by_the_witness() throws IOException {
        var witness = new Memory();
        var logs = logs(witness);
        var keys = new SigningKeys(Files.createDirectories(folder.resolve("keys")));
        seal(logs, keys);
        logs.of(key).append("user:mallory", "downloaded", "5 bytes");
        new Seal(logs, keys).sign(key);
        assertThat(logs.compare(key)).isEmpty();
        logs.store().delete(key.object("custody/00000003.json"));
        logs.store().delete(key.object("checkpoints/00000003.json"));
        assertThat(PackageVerifier.verify(logs.store(), key, Optional.empty()).consistent())
                .isTrue();
        assertThat(logs.compare(key)).containsExactly("custody entry 3 was written and is not in the log any more");
    }

    @Test
    void an_entry_the_witness_missed_is_shown_to_it_later() throws IOException {
        var witness = new Memory();
        seal(logs(CustodyWitness.NONE), new SigningKeys(Files.createDirectories(folder.resolve("keys"))));
        assertThat(logs(witness).compare(key)).isEmpty();
        assertThat(witness.seen).hasSize(2);
    }

    @Test
    void where_in_a_cloud_bytes_came_from_is_part_of_the_entry_and_of_its_digest() throws IOException {
        CustodyLog log = logs(CustodyWitness.NONE).of(key);
        Lineage lineage = Lineage.of("aws")
                .account("111122223333")
                .region("eu-central-1")
                .instance("i-0abc")
                .volume("vol-0abc")
                .snapshot("snap-0abc")
                .key("arn:aws:kms:eu-central-1:111122223333:key/k")
                .share("444455556666")
                .requests(List.of("6f1c", "7a2d"))
                .caller("arn:aws:sts::111122223333:assumed-role/varve/worker");
        log.append("worker:w1", "snapshot.created", "of all volumes", Optional.of(lineage));
        CustodyEntry read = log.entries().getFirst();
        assertThat(read.lineage()).contains(lineage);
        CustodyEntry without = log.append("worker:w1", "x", "");
        assertThat(new String(CanonicalJson.write(without), StandardCharsets.UTF_8))
                .doesNotContain("lineage");
        assertThat(without.previous()).isEqualTo(read.digest());
    }

    private CustodyLogs logs(CustodyWitness witness) throws IOException {
        return new CustodyLogs(new DirectoryStore(folder.resolve("objects")), witness, CLOCK);
    }

    private void seal(CustodyLogs logs, SigningKeys keys) throws IOException {
        logs.of(key).append("worker:w1", "capture.started", "");
        logs.store()
                .upload(key.object(Seal.DATA))
                .part(1, 0, Digest.of(BYTES), new ByteArrayInputStream(BYTES), BYTES.length);
        new Seal(logs, keys)
                .seal(
                        key,
                        new Seal.Origin("c", "endpoint", "triage", "h", CLOCK.instant(), "x/y", Map.of()),
                        "worker:w1",
                        digest -> Optional.empty());
    }

    private static final class Memory implements CustodyWitness {
        private final List<Seen> seen = new ArrayList<>();

        @Override
        public void saw(CustodyEntry entry) {
            seen.add(new Seen(entry.sequence(), entry.digest()));
        }

        @Override
        public List<Seen> seen(EvidenceKey evidence) {
            return List.copyOf(seen);
        }
    }
}
