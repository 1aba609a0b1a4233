package io.varve.tests;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/// A small Linux host as a file tree, with logs whose every line is known.
final class HostTree {
    static final String HOST = "web77";
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private HostTree() {}

    /// @param lines numbered lines of `/var/log/syslog`, `marker-000001` and up, a millisecond apart, ending now
    /// @param ballast bytes that do not compress, so that a capture takes its time
    static Path make(Path root, int lines, long ballast) throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("var/log"));
        Files.createDirectories(root.resolve("tmp"));
        Files.writeString(root.resolve("etc/hostname"), HOST + "\n");
        Files.writeString(
                root.resolve("etc/os-release"), "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n");
        Files.writeString(root.resolve("etc/timezone"), "Etc/UTC\n");
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n");
        Instant start = Instant.now().minus(Duration.ofMillis(lines));
        try (BufferedWriter log = Files.newBufferedWriter(root.resolve("var/log/syslog"))) {
            for (int i = 1; i <= lines; i++) {
                log.write("%s %s app[77]: marker-%06d happened\n".formatted(ISO.format(start.plusMillis(i)), HOST, i));
            }
        }
        if (ballast > 0) {
            ballast(root.resolve("var/log/daemon.log"), ballast);
        }
        return root;
    }

    private static void ballast(Path file, long size) throws IOException {
        var random = new Random(77);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(block.length, left));
            }
        }
    }
}
