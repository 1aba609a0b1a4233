package io.varve.disk.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The real tools that make file systems for tests. A test is skipped where one is absent, or root is.
public final class Tools {
    private Tools() {}

    /// What to do in a mounted file system.
    public interface Work {
        void in(Path mounted) throws Exception;
    }

    public static void need(String... tools) {
        for (String tool : tools) {
            boolean present = Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/")
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder + tool)));
            assumeTrue(present, () -> tool + " is not installed");
        }
    }

    public static void needRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "loop mounts need root");
    }

    /// Runs a command and gives its output, one character a byte.
    public static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("varve-tool", ".out");
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            process.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
            process.environment().put("LC_ALL", "C");
            Process running = process.start();
            running.getOutputStream().close();
            boolean ended = running.waitFor(60, TimeUnit.SECONDS);
            if (!ended) {
                running.destroyForcibly();
            }
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            assertThat(ended && running.exitValue() == 0)
                    .as("%s: %s", Arrays.toString(command), text)
                    .isTrue();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    public static String shell(Path folder, String script) throws IOException, InterruptedException {
        return run("bash", "-ec", "cd '" + folder + "'\n" + script);
    }

    public static Path sparse(Path image, long size) throws IOException {
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size);
        }
        return image;
    }

    /// Mounts an image, does the work, unmounts it.
    public static void mounted(Path image, String options, Work work) throws Exception {
        needRoot();
        Path mount = Files.createTempDirectory("varve-mount");
        try {
            run("mount", "-o", "loop" + (options.isEmpty() ? "" : "," + options), image.toString(), mount.toString());
        } catch (AssertionError e) {
            Files.delete(mount);
            assumeTrue(false, "cannot mount here: " + e.getMessage());
        }
        try {
            work.in(mount);
        } finally {
            run("umount", mount.toString());
            Files.delete(mount);
        }
    }

    /// Lines of a truth file of the corpus.
    public static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }

    /// A folder or file of the corpus; the test is skipped where it is absent.
    public static Path corpus(String path) {
        Path found = Path.of(System.getProperty("varve.corpus", "/absent")).resolve(path);
        assumeTrue(Files.exists(found), () -> "corpus is absent: " + found);
        return found;
    }
}
