package io.varve.disk.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/// What the tests of virtual machines' disk images share: QEMU's tools as maker and as judge, the files of a folder as
/// neighbours, and damage.
public final class VirtualDisks {
    public static final int MUTATIONS = Integer.getInteger("varve.mutations", 200);

    private VirtualDisks() {}

    /// The files of one folder.
    public static Neighbours folder(Path folder) {
        return name -> {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return Optional.of(FileBytes.open(file));
            }
            try (Stream<Path> files = Files.list(folder)) {
                Optional<Path> found = files.filter(
                                other -> other.getFileName().toString().equalsIgnoreCase(name))
                        .findFirst();
                return found.isPresent() ? Optional.of(FileBytes.open(found.get())) : Optional.empty();
            }
        };
    }

    /// Opens an image that the format must claim.
    public static Container open(ContainerFormat format, Path image) throws IOException {
        Bytes file = FileBytes.open(image);
        String name = image.getFileName().toString();
        try {
            assertThat(format.claims(name, file)).isTrue();
            return format.open(name, file, folder(image.resolveSibling("")));
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// Runs a tool in a folder; the test is skipped where the tool is absent.
    public static String run(Path folder, String... command) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, command[0]))),
                command[0] + " is not installed");
        Path log = Files.createTempFile(folder, "log", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        Files.delete(log);
        assertThat(process.exitValue())
                .as(String.join(" ", command) + "\n" + said)
                .isZero();
        return said;
    }

    /// Runs a tool given as words.
    public static String run(Path folder, String command) throws Exception {
        return run(folder, command.split(" "));
    }

    /// A disk with noise, text and holes, the same each time, in `disk.raw`.
    public static Path disk(Path folder, int size, long seed) throws IOException {
        Path disk = folder.resolve("disk%d.raw".formatted(seed));
        Random random = new Random(seed);
        byte[] text =
                "All work and no play makes Jack a dull boy. ".repeat(2000).getBytes(StandardCharsets.UTF_8);
        try (FileChannel out = FileChannel.open(disk, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int position = 0; position < size; ) {
                byte[] part = new byte[Math.min(512 * (1 + random.nextInt(400)), size - position)];
                switch (random.nextInt(4)) {
                    case 0 -> random.nextBytes(part);
                    case 1 -> System.arraycopy(text, 0, part, 0, Math.min(part.length, text.length));
                    default -> Arrays.fill(part, (byte) 0);
                }
                if (part[0] != 0 || position + part.length == size) {
                    out.write(ByteBuffer.wrap(part), position);
                }
                position += part.length;
            }
        }
        return disk;
    }

    /// The whole disk equals a raw file, read in order, by small pieces, and where it claims to be zero.
    public static void assertSame(Bytes disk, Path raw) throws IOException {
        try (Bytes truth = FileBytes.open(raw)) {
            assertThat(disk.size()).isEqualTo(truth.size());
            byte[] ours = new byte[1 << 20];
            byte[] theirs = new byte[ours.length];
            for (long position = 0; position < truth.size(); position += ours.length) {
                int length = (int) Math.min(ours.length, truth.size() - position);
                disk.read(position, ours, 0, length);
                truth.read(position, theirs, 0, length);
                int different = Arrays.mismatch(ours, 0, length, theirs, 0, length);
                assertThat(different).as("first difference after " + position).isEqualTo(-1);
            }
            assertPieces(disk, truth);
            assertZeros(disk, truth);
        }
    }

    /// A large sparse disk equals a raw file in a mebibyte at each of these offsets.
    public static void assertSameAt(Bytes disk, Path raw, long... offsets) throws IOException {
        try (Bytes truth = FileBytes.open(raw)) {
            assertThat(disk.size()).isEqualTo(truth.size());
            for (long offset : offsets) {
                byte[] ours = new byte[(int) Math.min(1 << 20, truth.size() - offset)];
                byte[] theirs = new byte[ours.length];
                disk.read(offset, ours, 0, ours.length);
                truth.read(offset, theirs, 0, ours.length);
                assertThat(Arrays.mismatch(ours, theirs))
                        .as("first difference after " + offset)
                        .isEqualTo(-1);
            }
        }
    }

    private static void assertPieces(Bytes disk, Bytes truth) throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            int length = 1 + random.nextInt((int) Math.min(random.nextBoolean() ? 600 : 90_000, truth.size()));
            long position = random.nextLong(truth.size() - length + 1);
            byte[] ours = new byte[length + 2];
            byte[] theirs = new byte[length + 2];
            disk.read(position, ours, 1, length);
            truth.read(position, theirs, 1, length);
            assertThat(Arrays.mismatch(ours, theirs))
                    .as("%d bytes at %d", length, position)
                    .isEqualTo(-1);
        }
    }

    /// Every claim of zeros is true.
    private static void assertZeros(Bytes disk, Bytes truth) throws IOException {
        for (long position = 0; position < truth.size(); ) {
            long zeros = disk.zeros(position);
            assertThat(zeros).isBetween(0L, truth.size() - position);
            for (long at = position; at < position + zeros; at += 1 << 20) {
                byte[] part = new byte[(int) Math.min(1 << 20, position + zeros - at)];
                truth.read(at, part, 0, part.length);
                assertThat(Arrays.mismatch(part, new byte[part.length]))
                        .as("zeros at " + at)
                        .isEqualTo(-1);
            }
            position += Math.max(zeros, 4096 - position % 4096);
        }
    }

    /// How many bytes of a disk are told to be zero without reading.
    public static long zeros(Bytes disk) throws IOException {
        long sum = 0;
        for (long position = 0; position < disk.size(); ) {
            long zeros = disk.zeros(position);
            sum += zeros;
            position += Math.max(zeros, 512);
        }
        return sum;
    }

    /// A place in a real sample of the corpus; skipped where the corpus is absent.
    public static Path corpus(String path) {
        String corpus = System.getProperty("varve.corpus", "");
        Path file = Path.of(corpus, path);
        assumeTrue(!corpus.isEmpty() && Files.exists(file), path + " of the corpus is absent");
        return file;
    }

    /// Opens and reads damaged copies of an image; all must end in content or in one of the three exceptions.
    ///
    /// @param hot stretches `[from, to)` of the file where headers and tables lie
    public static void assertSurvives(ContainerFormat format, Path image, Neighbours beside, int[]... hot)
            throws IOException {
        byte[] whole = Files.readAllBytes(image);
        Random random = new Random(42);
        List<String> odd = new ArrayList<>();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20 + MUTATIONS / 10), () -> {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] broken = Arrays.copyOf(whole, i % 8 == 0 ? random.nextInt(whole.length) : whole.length);
                for (int flips = 0; flips <= i % 5; flips++) {
                    int[] stretch = hot[random.nextInt(hot.length)];
                    int at = stretch[0] + random.nextInt(stretch[1] - stretch[0]);
                    if (at < broken.length) {
                        broken[at] = (byte)
                                (random.nextBoolean() ? random.nextInt(256) : broken[at] ^ 1 << random.nextInt(8));
                    }
                }
                try {
                    sweep(format, image.getFileName().toString(), Bytes.of(broken), beside);
                } catch (CorruptException | LayerException e) {
                    assertThat(e).hasMessageMatching("(?s).{10,}");
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (Throwable e) {
                    odd.add("mutation %d: %s".formatted(i, e));
                }
            }
        });
        assertThat(odd).isEmpty();
    }

    private static void sweep(ContainerFormat format, String name, Bytes file, Neighbours beside) throws IOException {
        if (!format.claims(name, file)) {
            return;
        }
        try (Container container = format.open(name, file, beside)) {
            byte[] part = new byte[70_000];
            CorruptException last = null;
            long step = Math.max(part.length, container.size() / 100);
            for (long position = 0; position < container.size(); position += step) {
                try {
                    position += Math.clamp(container.zeros(position), 0, container.size() - position - 1);
                    container.read(position, part, 0, (int) Math.min(part.length, container.size() - position));
                } catch (CorruptException e) {
                    last = e;
                }
            }
            if (last != null) {
                throw last;
            }
        }
    }
}
