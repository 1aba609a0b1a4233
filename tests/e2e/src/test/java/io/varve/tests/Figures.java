package io.varve.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/// What slow tests measured, a line each below `target/figures`, and from there in `docs/benchmarks.md`.
final class Figures {
    private final Path file;

    /// @param name of the file
    Figures(String name) {
        this.file = Path.of("target", "figures", name);
    }

    void add(String format, Object... words) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "%s, load %s: %s\n".formatted(Instant.now(), load(), format.formatted(words)),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// How busy the machine was, with everything else that ran on it: over 1, 5 and 15 minutes.
    private static String load() throws IOException {
        String[] averages = Files.readString(Path.of("/proc/loadavg")).split(" ", 4);
        return "%s %s %s".formatted(averages[0], averages[1], averages[2]);
    }

    static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }

    static double rate(long number, Duration time) {
        return number * 1e3 / time.toMillis();
    }
}
