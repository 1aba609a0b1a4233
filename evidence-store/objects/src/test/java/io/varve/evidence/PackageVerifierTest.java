package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.evidence.SmallPackage.MemoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is done to a package, the check finds it and names the place.
@Tag("custody")
final class PackageVerifierTest {
    @TempDir
    static Path folder = Path.of("");

    private static final Map<Checked, Boolean> CHECKED = new ConcurrentHashMap<>();
    private static final EvidenceKey KEY = EvidenceKey.mint("main");
    private static SmallPackage whole = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void export() throws IOException {
        whole = SmallPackage.make(folder.resolve("objects"), folder.resolve("keys"), KEY);
    }

    @Test
    void an_untouched_package_passes_as_archive_and_unpacked() throws IOException {
        Path archive = Files.write(folder.resolve("whole.tar"), whole.archive());
        SmallPackage.unpack(whole.files(), folder.resolve("unpacked"));
        for (Path place : List.of(archive, folder.resolve("unpacked"))) {
            Verification result = PackageVerifier.verify(place, Optional.of(whole.signer()));
            assertThat(result.problems()).isEmpty();
            assertThat(result.pinned()).isTrue();
            assertThat(result.exported()).isTrue();
            assertThat(result.bytes()).isEqualTo(40);
            assertThat(result.entries()).isEqualTo(5);
            assertThat(result.unsignedEntries()).isZero();
            assertThat(result.head()).contains(Digest.of(whole.file("custody/00000005.json")));
        }
    }

    @Test
    void the_archive_unpacks_with_tar_to_the_same_files_and_has_the_size_that_was_announced() throws Exception {
        Path archive = Files.write(folder.resolve("other.tar"), whole.archive());
        Path target = Files.createDirectory(folder.resolve("by-tar"));
        Process tar = new ProcessBuilder("tar", "xf", archive.toString(), "-C", target.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(tar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path unpacked = target.resolve(KEY.id());
        for (Map.Entry<String, byte[]> file : whole.files().entrySet()) {
            assertThat(unpacked.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
        assertThat(PackageVerifier.verify(unpacked, Optional.of(whole.signer())).problems())
                .isEmpty();
        var store = new DirectoryStore(folder.resolve("objects"));
        var stream = new PackageStream(store);
        assertThat(stream.size(stream.contents(KEY, "e1").orElseThrow())).isEqualTo(whole.archive().length);
    }

    @Test
    void every_bit_of_bytes_manifest_and_log_is_found_and_its_place_named() {
        whole.files().forEach((name, bytes) -> {
            if (!signed(name)) {
                IntStream.range(0, bytes.length * 8).forEach(bit -> assertNamed(name, bit));
            }
        });
    }

    /// One bit of each byte: a signature takes a few milliseconds to check.
    @Test
    void every_byte_of_what_is_signed_is_found_and_its_file_named() {
        whole.files().forEach((name, bytes) -> {
            if (signed(name)) {
                IntStream.range(0, bytes.length).parallel().forEach(at -> assertNamed(name, at * 8 + at % 8));
            }
        });
    }

    @Test
    @Tag("slow")
    void every_bit_of_what_is_signed_is_found_and_its_file_named() {
        whole.files().forEach((name, bytes) -> {
            if (signed(name)) {
                IntStream.range(0, bytes.length * 8).parallel().forEach(bit -> assertNamed(name, bit));
            }
        });
    }

    private static boolean signed(String name) {
        return name.equals(PackageContents.NAME) || name.startsWith("checkpoints/");
    }

    private static void assertNamed(String name, int bit) {
        assertThat(problems(flipped(name, bit)))
                .as("%s, bit %d", name, bit)
                .anyMatch(problem -> problem.startsWith(name.equals("data") ? part(bit) : name));
    }

    private static String part(int bit) {
        return bit / 8 < SmallPackage.FIRST.length() ? "part 1 (bytes 0 to 26)" : "part 2 (bytes 27 to 39)";
    }

    @Test
    void every_byte_of_the_archive_is_found() throws IOException {
        Path place = folder.resolve("flipped.tar");
        byte[] bytes = whole.archive().clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (1 << i % 8);
            Files.write(place, bytes);
            assertThat(found(place)).as("byte %d of %d", i, bytes.length).isTrue();
            bytes[i] ^= (byte) (1 << i % 8);
        }
    }

    private static boolean found(Path place) throws IOException {
        return !PackageVerifier.verify(TarFiles.open(place), Optional.empty(), PackageVerifierTest::fits)
                .consistent();
    }

    @Test
    void an_archive_cut_off_anywhere_is_found() throws IOException {
        Path place = folder.resolve("cut.tar");
        for (int length = Tar.BLOCK; length < whole.archive().length; length += 100) {
            Files.write(place, java.util.Arrays.copyOf(whole.archive(), length));
            assertThat(found(place)).as("cut at %d", length).isTrue();
        }
    }

    @Test
    void what_is_removed_added_swapped_or_moved_is_found() {
        Damage.of(whole)
                .forEach((what, files) ->
                        assertThat(problems(new MemoryFiles(files))).as(what).isNotEmpty());
    }

    @Test
    void a_removed_entry_is_named_the_last_one_too() {
        for (int i = 1; i <= 5; i++) {
            String name = "custody/%08d.json".formatted(i);
            var without = new TreeMap<>(whole.files());
            without.remove(name);
            assertThat(problems(new MemoryFiles(without)))
                    .contains(name + ": is missing")
                    .anyMatch(problem ->
                            problem.startsWith("checkpoints/00000005.json: covers 5 entries, the log has 4"));
        }
    }

    @Test
    void a_package_made_and_signed_anew_by_somebody_else_is_consistent_but_not_what_is_trusted() throws IOException {
        SmallPackage forged = SmallPackage.make(folder.resolve("forged"), folder.resolve("forger"), KEY);
        var files = new MemoryFiles(forged.files());
        assertThat(PackageVerifier.verify(files, Optional.empty(), Signer::verify)
                        .consistent())
                .isTrue();
        assertThat(PackageVerifier.verify(files, Optional.of(whole.signer()), Signer::verify)
                        .problems())
                .containsExactly("signed by %s, trusted is %s".formatted(forged.signer(), whole.signer()));
    }

    @Test
    void a_list_of_contents_signed_by_another_key_than_the_log_is_found() throws IOException {
        PackageContents contents = CanonicalJson.read(whole.file(PackageContents.NAME), PackageContents.class);
        Signer other = Signer.in(folder.resolve("other"));
        var files = new TreeMap<>(whole.files());
        files.put(
                PackageContents.NAME,
                CanonicalJson.write(new PackageContents(
                                contents.schema(),
                                contents.evidence(),
                                contents.id(),
                                contents.at(),
                                contents.actor(),
                                contents.entries(),
                                contents.head(),
                                contents.files(),
                                other.fingerprint(),
                                other.publicKey(),
                                Optional.empty())
                        .signed(other)));
        assertThat(problems(new MemoryFiles(files)))
                .containsExactly(
                        "package.json: signed by another key than the newest checkpoint, " + other.fingerprint());
    }

    /// What was checked once is not checked again: most damage leaves most signatures as they are.
    private static boolean fits(Digest signer, String publicKey, byte[] message, Optional<String> signature) {
        return CHECKED.computeIfAbsent(
                new Checked(signer, publicKey, Digest.of(message), signature),
                one -> Signer.verify(signer, publicKey, message, signature));
    }

    private record Checked(Digest signer, String publicKey, Digest message, Optional<String> signature) {}

    private static MemoryFiles flipped(String name, int bit) {
        var files = new TreeMap<>(whole.files());
        byte[] bytes = whole.file(name).clone();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        files.put(name, bytes);
        return new MemoryFiles(files);
    }

    private static List<String> problems(PackageFiles files) {
        try {
            return PackageVerifier.verify(files, Optional.empty(), PackageVerifierTest::fits)
                    .problems();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
