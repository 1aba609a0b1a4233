package io.varve.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A disk as a cloud's machine boots from: GPT, a boot partition, ext4 with a small Debian, its logs, and an intruder's
/// program.
///
/// @param file raw image, a whole number of GiB
/// @param sha256 of the program
record LinuxDisk(Path file, String sha256) {
    static final String DROPPED = "/tmp/.font-unix/kdevtmp";
    private static final long MIB = 1L << 20;
    private static final int FIRST_MIB = 2;
    /// Of one file of the ballast.
    private static final int BALLAST = 2 << 20;

    /// Whether this machine has what it takes.
    static boolean possible() {
        return Stream.of("mkfs.ext4", "sgdisk")
                .allMatch(tool -> Stream.of("/usr/sbin", "/sbin", "/usr/bin")
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))));
    }

    /// @param ballastMib programs and libraries nobody asks about first
    static LinuxDisk make(Path folder, String name, int gib, int lines, int ballastMib)
            throws IOException, InterruptedException {
        Path root = HostTree.make(folder.resolve(name), lines, 0);
        byte[] program = program();
        Path dropped = root.resolve(DROPPED.substring(1));
        Files.createDirectories(dropped.getParent());
        Files.write(dropped, program);
        logs(root);
        for (int i = 0; i < ballastMib / 2; i++) {
            Path library = root.resolve("usr/lib/x86_64-linux-gnu/lib%04d.so".formatted(i));
            Files.createDirectories(library.getParent());
            byte[] content = new byte[BALLAST];
            new Random(i).nextBytes(content);
            Files.write(library, content);
        }
        Path image = folder.resolve(name + ".raw");
        try (OutputStream empty = Files.newOutputStream(image)) {
            empty.flush();
        }
        run("truncate", "-s", gib + "G", image.toString());
        run(
                "sgdisk",
                "-a",
                "2048",
                "-n",
                "14:2048:4095",
                "-t",
                "14:ef02",
                "-n",
                "1:4096:0",
                "-t",
                "1:8300",
                image.toString());
        long kib = (gib * 1024L - FIRST_MIB - 1) * 1024;
        run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-d",
                root.toString(),
                "-E",
                "offset=" + FIRST_MIB * MIB + ",lazy_itable_init=1",
                image.toString(),
                kib + "k");
        return new LinuxDisk(image, Scene.sha256(program));
    }

    private static byte[] program() {
        byte[] program = new byte[40_000];
        new Random(77).nextBytes(program);
        byte[] head = "\177ELF\2\1\1".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(head, 0, program, 0, head.length);
        return program;
    }

    private static void logs(Path root) throws IOException {
        Instant now = Instant.now();
        var auth = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            auth.append("%s web77 sshd[812]: Failed password for root from 203.0.113.77 port %d ssh2\n"
                    .formatted(now.minusSeconds(600 - i), 40_000 + i));
        }
        auth.append("%s web77 sshd[812]: Accepted password for alice from 203.0.113.77 port 40100 ssh2\n"
                .formatted(now.minusSeconds(500)));
        Files.writeString(root.resolve("var/log/auth.log"), auth);
        Files.write(root.resolve("var/log/wtmp"), login(now.minusSeconds(500)));
        Path journal = Installation.root()
                .resolve(
                        "processing/artefact/src/test/resources/fixtures/linux.journal/var/log/journal/4d/system.journal");
        Path kept = root.resolve("var/log/journal/4d/system.journal");
        Files.createDirectories(kept.getParent());
        Files.copy(journal, kept);
        Files.writeString(root.resolve("etc/fstab"), "/dev/nvme0n1p1 / ext4 defaults 0 1\n");
    }

    /// A utmp record of glibc on a 64-bit machine: alice on pts/0.
    private static byte[] login(Instant at) {
        ByteBuffer record = ByteBuffer.allocate(384).order(ByteOrder.LITTLE_ENDIAN);
        record.putShort(0, (short) 7).putInt(4, 812);
        record.put(8, "pts/0".getBytes(StandardCharsets.US_ASCII));
        record.put(40, "ts/0".getBytes(StandardCharsets.US_ASCII));
        record.put(44, "alice".getBytes(StandardCharsets.US_ASCII));
        record.put(76, "203.0.113.77".getBytes(StandardCharsets.US_ASCII));
        record.putInt(340, (int) at.getEpochSecond());
        return record.array();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
