package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Disk images for measurements, made by the real tools through a mount. Kept in the folder that `VARVE_BENCH_IMAGES`
/// names, if it is set, since a million files take their time.
final class ManyFiles {
    private static final byte[] TEXT = "some words in a file\n".repeat(3).getBytes(StandardCharsets.US_ASCII);

    private ManyFiles() {}

    interface Fill {
        void in(Path mounted) throws Exception;
    }

    static void need(String... tools) {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting images needs root");
        for (String tool : tools) {
            boolean present = Stream.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder + tool)));
            Assumptions.assumeTrue(present, () -> tool + " is not installed: not measured");
        }
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/loop-control")), "no loop devices: not measured");
    }

    /// A file system of that many files, 1,000 in each folder.
    static Path image(Path folder, String kind, int files) throws Exception {
        return kept(
                folder,
                "%s-%d.img".formatted(kind, files),
                kind,
                megabytes(kind, files),
                mounted -> fill(mounted, files));
    }

    private static long megabytes(String kind, int files) {
        return switch (kind) {
            case "ntfs" -> 400 + files * 3L / 1_000;
            case "xfs" -> 1_000 + files * 4L / 1_000;
            default -> 400 + files * 5L / 1_000;
        };
    }

    private static void fill(Path mounted, int files) throws IOException {
        Path folder = mounted;
        for (int i = 0; i < files; i++) {
            if (i % 1_000 == 0) {
                folder = Files.createDirectories(
                        mounted.resolve("part%03d/folder%05d".formatted(i / 100_000, i / 1_000)));
            }
            Path file = folder.resolve("a file of some length %07d.txt".formatted(i));
            Files.write(file, i % 10 == 0 ? TEXT : new byte[0]);
        }
    }

    static Path kept(Path folder, String name, String kind, long megabytes, Fill fill) throws Exception {
        String kept = System.getenv("VARVE_BENCH_IMAGES");
        Path image = kept == null ? folder.resolve(name) : Path.of(kept, name);
        Path whole = image.resolveSibling(name + ".done");
        if (Files.exists(whole)) {
            return image;
        }
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(0);
            file.setLength(megabytes << 20);
        }
        Path mounted = Files.createDirectories(folder.resolve(name + ".mounted"));
        switch (kind) {
            case "ext4" -> run("mkfs.ext4", "-q", "-F", "-i", megabytes > 50_000 ? "16384" : "4096", image.toString());
            case "xfs" -> run("mkfs.xfs", "-q", "-f", image.toString());
            default -> run("mkntfs", "-q", "-F", "-Q", image.toString());
        }
        if (kind.equals("ntfs")) {
            run("ntfs-3g", "-o", "big_writes,noatime", image.toString(), mounted.toString());
        } else {
            run("mount", "-o", "loop,noatime", image.toString(), mounted.toString());
        }
        try {
            fill.in(mounted);
        } finally {
            run("umount", mounted.toString());
        }
        Files.createFile(whole);
        return image;
    }

    static void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("varve-bench", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", List.of(command), Files.readString(log, StandardCharsets.ISO_8859_1))
                .isZero();
        Files.delete(log);
    }
}
