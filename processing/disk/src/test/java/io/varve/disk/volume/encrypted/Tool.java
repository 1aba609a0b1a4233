package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Command line tools that make images.
final class Tool {
    private Tool() {}

    /// Skips the test when a tool is not installed.
    static void needed(String name) {
        boolean there = Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        assumeTrue(there, name + " is not installed");
    }

    static void rootNeeded() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    }

    /// Runs a tool that reads `input`; its output. QEMU measures the processor time of a key derivation, which some
    /// machines count too coarsely now and then: it is asked again.
    static String run(String input, String... command) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Ended ended = ended(input, command);
            if (attempt < 5 && ended.output.contains("Unable to get accurate CPU usage")) {
                continue;
            }
            assertThat(ended.code).as("%s: %s", List.of(command), ended.output).isZero();
            return ended.output;
        }
    }

    private record Ended(int code, String output) {}

    private static Ended ended(String input, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)).transferTo(in);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("%s ended", List.of(command))
                .isTrue();
        return new Ended(process.exitValue(), output);
    }
}
