package io.varve.provider.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.evidence.DirectoryStore;
import io.varve.evidence.ObjectStore;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.image.LazyImage.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast a disk becomes evidence in the directory store, every byte hashed on its way, forced to the disk, read back
/// and hashed again; beside `sha256sum` of the same bytes and a copy of them that is forced to the disk, turn by turn,
/// of
/// each the best run. The figures go to `target/figures/capture.txt`, and from there into `docs/benchmarks.md`.
@Tag("slow")
final class CaptureSpeedTest {
    private static final int RUNS = 3;
    private static final int BLOCK = 512 << 10;
    private static final long SIZE = 4L << 30;
    private static final double SHARE = 0.8;

    private static final Watch GO = new Watch() {
        @Override
        public boolean mayCopy() {
            return true;
        }

        @Override
        public void progress(long done, long total) {}
    };

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_capture_is_stored_at_four_fifths_of_the_speed_of_hashing_or_copying_alone() throws Exception {
        Path disk = disk();
        List<Duration> ours = new ArrayList<>();
        List<Duration> hashing = new ArrayList<>();
        List<Duration> copying = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            hashing.add(time("sha256sum disk > sum"));
            copying.add(time("cp disk copy && sync copy"));
            Files.delete(folder.resolve("copy"));
            ours.add(captured(disk, folder.resolve("store-" + i)));
        }
        Duration slower = Collections.max(List.of(Collections.min(hashing), Collections.min(copying)));
        figures("capture to the directory store %s, sha256sum %s, forced copy %s"
                .formatted(
                        speed(Collections.min(ours)),
                        speed(Collections.min(hashing)),
                        speed(Collections.min(copying))));
        double share = (double) slower.toNanos() / Collections.min(ours).toNanos();
        assertThat(share).as("of the slower of the two").isGreaterThanOrEqualTo(SHARE);
    }

    private Path disk() throws IOException {
        Path disk = folder.resolve("disk");
        byte[] block = new byte[BLOCK];
        var random = new Random(7);
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < SIZE; at += BLOCK) {
                random.nextBytes(block);
                ByteBuffer bytes = ByteBuffer.wrap(block);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        }
        return disk;
    }

    private Duration captured(Path disk, Path objects) throws Exception {
        Path blocks = objects.resolve("blocks");
        ObjectStore.Upload upload = new DirectoryStore(objects.resolve("objects")).upload("data");
        long begun = System.nanoTime();
        ObjectStore.Stored stored;
        try (LazyImage image = LazyImage.open(List.of(new FileDisk(disk)), blocks, upload, new Limits(48, 1 << 30))) {
            image.copy(GO);
            stored = upload.complete();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(Files.readString(folder.resolve("sum")))
                .startsWith(stored.sha256().hex());
        LazyImage.forget(blocks);
        Files.delete(objects.resolve("objects/data"));
        return took;
    }

    private Duration time(String script) throws Exception {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(script).isZero();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static String speed(Duration time) {
        return "%d MiB/s".formatted((SIZE >> 20) * 1_000 / time.toMillis());
    }

    private static void figures(String line) throws IOException {
        Path figures = Files.createDirectories(Path.of("target/figures"));
        Files.writeString(
                figures.resolve("capture.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// A file read as a snapshot is, all of it written.
    private record FileDisk(Path file) implements BlockSource {
        @Override
        public String name() {
            return "disk";
        }

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public int blockSize() {
            return BLOCK;
        }

        @Override
        public BitSet written() {
            var all = new BitSet();
            all.set(0, (int) (SIZE / BLOCK));
            return all;
        }

        @Override
        public byte[] read(int block) throws ProviderException {
            ByteBuffer content = ByteBuffer.allocate(BLOCK);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (content.hasRemaining() && channel.read(content, (long) block * BLOCK + content.position()) > 0) {
                    continue;
                }
            } catch (IOException e) {
                throw new ProviderException(Kind.FAILED, "cannot read " + file + ": " + e.getMessage());
            }
            return content.array();
        }

        @Override
        public Map<String, String> about() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
