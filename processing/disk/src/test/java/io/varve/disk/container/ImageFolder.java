package io.varve.disk.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A folder with image files, and the tools that make them.
public record ImageFolder(Path folder) implements Neighbours {
    /// The corpus, or the test is skipped.
    public static ImageFolder corpus(String folder) {
        Path images = Path.of(System.getProperty("varve.corpus", "none"))
                .resolve("images")
                .resolve(folder);
        assumeTrue(Files.isDirectory(images), "no corpus at " + images + ": set varve.corpus to run this test");
        return new ImageFolder(images);
    }

    @Override
    public Optional<Bytes> open(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(FileBytes.open(file)) : Optional.empty();
    }

    public Bytes file(String name) throws IOException {
        return open(name).orElseThrow(() -> new IOException(name + " is missing in " + folder));
    }

    public Container image(ContainerFormat format, String name) throws IOException {
        return format.open(name, file(name), this);
    }

    /// Runs a tool here, or skips the test when this machine does not have it.
    public void run(String... command) throws IOException, InterruptedException {
        boolean present = false;
        for (String place : System.getenv("PATH").split(":", -1)) {
            present |= Files.isExecutable(Path.of(place, command[0]));
        }
        assumeTrue(present, command[0] + " is not installed");
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tool.log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": " + Files.readString(folder.resolve("tool.log")));
        }
    }

    /// Bytes like those of a disk: some random, some text, some zeros.
    public static byte[] disk(int size, long seed) {
        byte[] disk = new byte[size];
        var random = new Random(seed);
        for (int start = 0; start < size; ) {
            int length = Math.min(size - start, 4096 + random.nextInt(200_000));
            byte[] part = new byte[length];
            switch (random.nextInt(3)) {
                case 0 -> random.nextBytes(part);
                case 1 -> {
                    for (int i = 0; i < length; i++) {
                        part[i] = (byte) ('a' + (i ^ i >> 5) % 26);
                    }
                }
                default -> {
                    // zeros
                }
            }
            System.arraycopy(part, 0, disk, start, length);
            start += length;
        }
        return disk;
    }

    public static byte[] all(Bytes bytes) throws IOException {
        byte[] all = new byte[Math.toIntExact(bytes.size())];
        bytes.read(0, all, 0, all.length);
        return all;
    }
}
