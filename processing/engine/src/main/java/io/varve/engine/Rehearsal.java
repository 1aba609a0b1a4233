package io.varve.engine;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What the engine does while Java records which classes and methods it uses (`-XX:AOTCacheOutput`), so that a listing
/// starts warm: lists small disks again and again, then reads them whole.
///
/// Arguments: a folder of disks packed with zstd, and evidence for `process`.
public final class Rehearsal {
    /// Enough for the methods of a listing to be seen as worth compiling.
    private static final int ROUNDS = 20;

    private static final int PIECE = 64 << 10;
    private static final String NOWHERE = "/dev/null";

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("varve-rehearsal");
        List<Path> disks = new ArrayList<>();
        try (Stream<Path> packed = Files.list(Path.of(arguments[0]))) {
            packed.filter(file -> file.toString().endsWith(".zst"))
                    .sorted()
                    .forEach(file -> disks.add(unpacked(file, folder)));
            for (int i = 0; i < ROUNDS; i++) {
                disks.forEach(disk -> run("files", disk.toString(), "-o", NOWHERE));
            }
            disks.forEach(disk -> run("files", "--hash", "md5,sha256", disk.toString(), "-o", NOWHERE));
            disks.forEach(disk -> run("process", disk.toString(), "-o", NOWHERE, "--coverage", NOWHERE));
            run("process", arguments[1], "-o", NOWHERE, "--coverage", NOWHERE);
        } finally {
            for (Path disk : disks) {
                Files.delete(disk);
            }
            Files.delete(folder);
        }
    }

    private static void run(String... arguments) {
        if (Main.run(List.of(arguments)) != 0) {
            throw new IllegalStateException("failed: " + String.join(" ", arguments));
        }
    }

    /// What is zero stays a hole.
    private static Path unpacked(Path packed, Path folder) {
        Path disk = folder.resolve(packed.getFileName().toString().replace(".zst", ""));
        try (InputStream in = new ZstdInputStream(Files.newInputStream(packed));
                FileChannel out = FileChannel.open(disk, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] zeros = new byte[PIECE];
            long at = 0;
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                if (!Arrays.equals(piece, zeros)) {
                    out.write(ByteBuffer.wrap(piece), at);
                }
                at += piece.length;
            }
            out.write(ByteBuffer.wrap(new byte[1]), at - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disk;
    }
}
