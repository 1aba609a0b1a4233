package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole commands on disks, start-up included, beside The Sleuth Kit's on the same image, turn by turn; of each the
/// best
/// run counts, since other work on the machine only ever makes a run slower. The engine has 1 GiB of heap. The figures
/// go
/// to `target/figures/disks.txt`, and from there into `docs/benchmarks.md`.
@Tag("slow")
final class DiskSpeedTest {
    private static final int RUNS = 3;
    private static final int MILLION = 1_000_000;
    private static final int HUNDRED_THOUSAND = 100_000;
    private static final Duration FIRST_EVENT = Duration.ofSeconds(5);

    /// Content for the comparison of digests: 4,000 files of 1 KiB to 1 MiB.
    private static final int CONTENTS = 4_000;

    @TempDir
    static Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "ntfs", "xfs"})
    void a_million_files_are_listed_at_least_as_fast_as_by_fls(String kind) throws Exception {
        Pair times = listed(kind, MILLION);
        assertThat(times.ours).isLessThanOrEqualTo(times.theirs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "ntfs", "xfs"})
    void a_hundred_thousand_files_take_at_most_three_times_as_long_as_fls(String kind) throws Exception {
        Pair times = listed(kind, HUNDRED_THOUSAND);
        assertThat(times.ours).isLessThanOrEqualTo(times.theirs.multipliedBy(3));
    }

    /// fls reads no XFS: its time on ext4 with the same files stands in.
    private static Pair listed(String kind, int files) throws Exception {
        ManyFiles.need("fls", kind.equals("ntfs") ? "ntfs-3g" : "mkfs." + kind, "mkfs.ext4");
        String image = ManyFiles.image(folder, kind, files).toString();
        String peer =
                kind.equals("xfs") ? ManyFiles.image(folder, "ext4", files).toString() : image;
        return compared(
                "list %d files, %s".formatted(files, kind),
                List.of(varve(), "files", image, "-o", "/dev/null"),
                List.of("fls", "-r", "-m", "/", peer));
    }

    @Test
    void contents_with_digests_are_read_at_least_as_fast_as_by_tsk_recover_and_md5sum() throws Exception {
        ManyFiles.need("tsk_recover", "md5sum", "mkfs.ext4");
        String image = ManyFiles.kept(folder, "contents.img", "ext4", 4_000, DiskSpeedTest::contents)
                .toString();
        String script = "rm -rf out; mkdir out; tsk_recover -a \"$0\" out; find out -type f -print0 | xargs -0 md5sum";
        Pair times = compared(
                "read %d files with digests, ext4".formatted(CONTENTS),
                List.of(varve(), "files", "--hash", "md5,sha256", image, "-o", "/dev/null"),
                List.of("bash", "-c", script, image));
        delete(folder.resolve("out"));
        assertThat(times.ours).isLessThanOrEqualTo(times.theirs);
    }

    private static void contents(Path mounted) throws IOException {
        var random = new Random(1);
        for (int i = 0; i < CONTENTS; i++) {
            Path in = Files.createDirectories(mounted.resolve("folder" + i / 100));
            byte[] content = new byte[random.nextInt(1 << 10, 1 << 20)];
            random.nextBytes(content);
            Files.write(in.resolve("file" + i), content);
        }
    }

    @Test
    void the_first_event_of_a_disk_of_100_gib_comes_within_five_seconds() throws Exception {
        ManyFiles.need("mkfs.ext4");
        Path image = ManyFiles.kept(folder, "sparse-100g.img", "ext4", 100 << 10, mounted -> {
            Path logs = Files.createDirectories(mounted.resolve("var/log"));
            Files.writeString(
                    logs.resolve("syslog"),
                    "2026-11-22T01:00:19.308008+00:00 web01 sshd[40]: Server listening on :: port 22.\n".repeat(1_000));
            Files.createDirectories(mounted.resolve("srv"));
            Files.write(mounted.resolve("srv/data"), new byte[64 << 20]);
        });
        Duration best = FIRST_EVENT.multipliedBy(100);
        for (int i = 0; i < RUNS; i++) {
            long begun = System.nanoTime();
            Process process = started(List.of(varve(), "process", image.toString()), ProcessBuilder.Redirect.PIPE);
            try (InputStream events = process.getInputStream()) {
                assertThat(events.read()).isEqualTo('{');
                best = Collections.min(List.of(best, Duration.ofNanos(System.nanoTime() - begun)));
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        figure("first event of a sparse ext4 of 100 GiB: %d ms".formatted(best.toMillis()));
        assertThat(best).isLessThan(FIRST_EVENT);
    }

    private record Pair(Duration ours, Duration theirs) {}

    private static Pair compared(String what, List<String> ours, List<String> theirs) throws Exception {
        List<Duration> our = new ArrayList<>();
        List<Duration> their = new ArrayList<>();
        time(ours);
        time(theirs);
        for (int i = 0; i < RUNS; i++) {
            our.add(time(ours));
            their.add(time(theirs));
        }
        var best = new Pair(Collections.min(our), Collections.min(their));
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        figure("%s: ours %d ms, %s %d ms, load %s"
                .formatted(what, best.ours.toMillis(), theirs.getFirst(), best.theirs.toMillis(), load));
        return best;
    }

    private static Duration time(List<String> command) throws Exception {
        long begun = System.nanoTime();
        Process process = started(command, ProcessBuilder.Redirect.DISCARD);
        assertThat(process.waitFor()).as("%s", command).isZero();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static Process started(List<String> command, ProcessBuilder.Redirect output) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("JDK_JAVA_OPTIONS", "-Xmx1g", "VARVE_NO_BUILD", "1"));
        return builder.start();
    }

    private static String varve() {
        return Path.of(System.getProperty("varve.root", "../.."), "varve")
                .toAbsolutePath()
                .toString();
    }

    private static void figure(String line) throws IOException {
        Path figures = Files.createDirectories(Path.of("target/figures"));
        Files.writeString(
                figures.resolve("disks.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
