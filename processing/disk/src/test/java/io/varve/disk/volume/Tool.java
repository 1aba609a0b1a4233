package io.varve.disk.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Programs of this machine that make or read volumes independently of us; tests are skipped where they are absent.
public final class Tool {
    private Tool() {}

    public static void needs(String... names) {
        for (String name : names) {
            boolean found = Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
            assumeTrue(found, name + " is not installed");
        }
    }

    public static void needsRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
    }

    /// The folder with real evidence, or the test is skipped.
    public static Path corpus() {
        String corpus = System.getProperty("varve.corpus", "");
        assumeTrue(!corpus.isEmpty() && Files.isDirectory(Path.of(corpus, "images")), "no corpus");
        return Path.of(corpus, "images");
    }

    /// Standard output of a program that ended well.
    public static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        return run(folder, Map.of(), command);
    }

    public static String run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertThat(code).as("%s: %s", command, Files.readString(errors)).isZero();
        Files.delete(errors);
        return out;
    }
}
