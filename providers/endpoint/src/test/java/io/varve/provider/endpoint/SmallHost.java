package io.varve.provider.endpoint;

import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import io.varve.provider.collector.profile.Profile.Caps;
import io.varve.provider.collector.profile.Profile.VolatileState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/// A root folder with a little of everything, and profiles for it.
final class SmallHost {
    static final Instant MODIFIED = Instant.parse("2026-03-01T12:34:56.123456789Z");
    static final long MB = 1 << 20;

    private SmallHost() {}

    static Path in(Path folder) throws IOException {
        Path root = folder.resolve("host");
        write(root, "etc/hostname", "web01\n".getBytes());
        write(root, "etc/passwd", "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/bash\n".getBytes());
        write(root, "etc/os-release", "PRETTY_NAME=\"Testux 1\"\n".getBytes());
        write(root, "home/anna/.bash_history", "curl http://203.0.113.7/x\n".getBytes());
        write(root, "var/log/syslog", noise(1, 300_000));
        write(root, "var/log/syslog.1", noise(2, 500_000));
        write(root, "var/log/empty.log", new byte[0]);
        write(root, "var/log/journal/0123/system.journal", noise(3, 700_000));
        Files.createSymbolicLink(root.resolve("var/log/linked.log"), Path.of("syslog"));
        for (int i = 0; i < 40; i++) {
            write(root, "tmp/deep/file-" + i, noise(i, 100));
        }
        String long200 = "l".repeat(200);
        write(root, "tmp/" + long200, noise(4, 10));
        write(root, "tmp/ümlaut %", noise(5, 10));
        return root;
    }

    static Path write(Path root, String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
        return file;
    }

    /// Does not compress, so that parts fill up.
    static byte[] noise(int seed, int size) {
        byte[] noise = new byte[size];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    static Caps caps() {
        return new Caps(100 * MB, 1000, 10_000, 10_000, 0, Duration.ofMinutes(5));
    }

    static Profile profile(String name, Caps caps, long fileBytes) {
        return new Profile(
                name,
                "for tests",
                caps,
                List.of(VolatileState.PROCESSES, VolatileState.MOUNTS),
                List.of("/etc", "/tmp", "/not-there"),
                List.of(
                        artifact("LinuxHostnameFile", 100 * MB, "/etc/hostname", "/etc/passwd"),
                        artifact("ShellHistoryFile", 100 * MB, "%%users.homedir%%/.bash_history"),
                        artifact("LinuxSysLogFiles", fileBytes, "/var/log/*log*"),
                        artifact("LinuxSystemdJournalLogs", fileBytes, "/var/log/journal/**/*.journal"),
                        artifact("LinuxTemporaryFiles", 100 * MB, "/tmp/*", "/tmp/*/*"),
                        artifact("ApacheAccessLogs", 100 * MB, "/var/log/apache2/*")),
                java.util.Map.of());
    }

    static Profile whole() {
        return profile("whole", caps(), 100 * MB);
    }

    private static Artifact artifact(String name, long fileBytes, String... paths) {
        return new Artifact(name, name, List.of(paths), false, fileBytes, 100 * MB);
    }
}
