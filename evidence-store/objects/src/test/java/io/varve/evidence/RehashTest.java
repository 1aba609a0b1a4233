package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("custody")
final class RehashTest {
    private final EvidenceKey key = EvidenceKey.mint("main");

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway")
    private CustodyLogs logs;

    @BeforeEach
    void seal() throws IOException {
        SmallPackage.make(folder.resolve("objects"), folder.resolve("keys"), key);
        logs = new CustodyLogs(new DirectoryStore(folder.resolve("objects")), CustodyWitness.NONE, Clock.systemUTC());
    }

    @Test
    void it_goes_on_at_the_part_where_it_stopped_and_finds_nothing_in_good_evidence() throws IOException {
        Rehash.Slice first = new Rehash(logs).read(key, manifest(), 0, 1);
        assertThat(first).isEqualTo(new Rehash.Slice(1, 27, List.of(), false));
        assertThat(new Rehash(logs).read(key, manifest(), first.part(), 1))
                .isEqualTo(new Rehash.Slice(2, 13, List.of(), true));
        assertThat(new Rehash(logs).records(key)).isEmpty();
    }

    @Test
    void an_altered_part_is_named_whichever_slice_it_is_in() throws IOException {
        Path data = folder.resolve("objects").resolve(key.object(Seal.DATA));
        byte[] bytes = Files.readAllBytes(data);
        bytes[30] ^= 1;
        Files.delete(data);
        Files.write(data, bytes);
        assertThat(new Rehash(logs).read(key, manifest(), 0, 1).bad()).isEmpty();
        assertThat(new Rehash(logs).read(key, manifest(), 1, 1).bad())
                .containsExactly("part 2 (bytes 27 to 39) was altered");
    }

    @Test
    void missing_bytes_are_a_problem_until_the_signed_log_says_that_policy_deleted_them() throws IOException {
        Manifest manifest = manifest();
        logs.store().delete(key.object(Seal.DATA));
        assertThat(new Rehash(logs).read(key, manifest, 0, 1).bad()).containsExactly("data is missing");
        assertThat(verify().problems()).containsExactly("data is missing");
        CustodyEntry entry = logs.of(key).append("worker:w1", CustodyEntry.DELETED, "by policy");
        assertThat(verify().problems()).as("not signed yet").containsExactly("data is missing");
        new Seal(logs, new SigningKeys(folder.resolve("keys"))).sign(key);
        assertThat(verify().problems()).isEmpty();
        assertThat(verify().deleted()).contains(entry.at());
    }

    private Manifest manifest() throws IOException {
        return new Seal(logs, new SigningKeys(folder.resolve("keys")))
                .manifest(key)
                .orElseThrow();
    }

    private Verification verify() throws IOException {
        return PackageVerifier.verify(logs.store(), key, Optional.empty());
    }
}
