package io.varve.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Disks made by the real tools, with a partition table written by hand.
final class DiskImage {
    private static final int SECTOR = 512;

    private DiskImage() {}

    /// Whether these programs are on this machine.
    static boolean possible(String... programs) {
        return Arrays.stream(programs).allMatch(program -> found(program).isPresent());
    }

    private static Optional<Path> found(String program) {
        return List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static void run(String... command) throws IOException, InterruptedException {
        command[0] = found(command[0]).map(Path::toString).orElse(command[0]);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command));
        }
    }

    /// A FAT16 volume that holds one file.
    static Path fat(Path folder, String name, String content) throws IOException, InterruptedException {
        Path image = folder.resolve("fat.img");
        empty(image, 16 << 20);
        run("mkfs.vfat", "-F", "16", image.toString());
        Path file = Files.writeString(folder.resolve("to-copy"), content, StandardCharsets.UTF_8);
        run("mcopy", "-i", image.toString(), file.toString(), "::" + name);
        return image;
    }

    /// An ext4 volume that holds the tree.
    static Path ext4(Path folder, Path tree) throws IOException, InterruptedException {
        Path image = folder.resolve("ext4.img");
        empty(image, 16 << 20);
        run("mkfs.ext4", "-q", "-d", tree.toString(), image.toString());
        return image;
    }

    static void empty(Path image, long size) throws IOException {
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    /// A disk with the volumes as primary partitions, one after the other from 1 MiB on.
    ///
    /// @param kinds the type byte of each
    static Path disk(Path image, List<Path> volumes, List<Integer> kinds) throws IOException {
        try (var disk = new RandomAccessFile(image.toFile(), "rw")) {
            long at = 1 << 20;
            for (int i = 0; i < volumes.size(); i++) {
                byte[] content = Files.readAllBytes(volumes.get(i));
                disk.seek(446 + 16L * i);
                disk.write(new byte[] {0, 0, 2, 0, kinds.get(i).byteValue(), 0, 0, 0});
                disk.writeInt(Integer.reverseBytes((int) (at / SECTOR)));
                disk.writeInt(Integer.reverseBytes(content.length / SECTOR));
                disk.seek(at);
                disk.write(content);
                at += content.length;
            }
            disk.seek(510);
            disk.write(new byte[] {0x55, (byte) 0xaa});
        }
        return image;
    }
}
