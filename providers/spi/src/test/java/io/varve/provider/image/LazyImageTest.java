package io.varve.provider.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.evidence.DirectoryStore;
import io.varve.evidence.ObjectStore;
import io.varve.provider.ProviderException;
import io.varve.provider.image.BlockMap.Run;
import io.varve.provider.image.LazyImage.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LazyImageTest {
    /// Two parts and a bit.
    private static final int BLOCKS = 2 * 1_024 + 5;

    private static final Limits LIMITS = new Limits(8, 1 << 30);

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

    private LazyImage open(BlockSource... disks) throws Exception {
        return LazyImage.open(List.of(disks), folder.resolve("blocks"), upload(), LIMITS);
    }

    private ObjectStore.Upload upload() throws IOException {
        return new DirectoryStore(folder.resolve("objects")).upload("image");
    }

    private byte[] stored() throws IOException {
        upload().complete();
        return Files.readAllBytes(folder.resolve("objects/image"));
    }

    @Test
    void the_copy_is_the_disk_and_unwritten_blocks_are_not_read() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", BLOCKS);
        try (LazyImage image = open(disk)) {
            image.copy(GO);
            assertThat(image.fetchedBytes()).isEqualTo(image.writtenBytes());
        }
        assertThat(Arrays.equals(stored(), disk.content())).isTrue();
        assertThat(disk.reads()).isEqualTo(disk.written().cardinality());
    }

    @Test
    void what_is_asked_for_is_there_before_the_copy_and_read_once() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", BLOCKS);
        try (LazyImage image = open(disk)) {
            byte[] some = image.read(5 * FakeDisk.BLOCK - 100, 3 * FakeDisk.BLOCK);
            assertThat(some)
                    .isEqualTo(Arrays.copyOfRange(disk.content(), 5 * FakeDisk.BLOCK - 100, 8 * FakeDisk.BLOCK - 100));
            assertThat(disk.reads()).isLessThanOrEqualTo(3);
            image.copy(GO);
            var random = new Random(1);
            for (int i = 0; i < 200; i++) {
                int at = random.nextInt(disk.content().length - 1);
                int length = Math.min(random.nextInt(3 * FakeDisk.BLOCK), disk.content().length - at);
                assertThat(image.read(at, length)).isEqualTo(Arrays.copyOfRange(disk.content(), at, at + length));
            }
        }
        assertThat(disk.mostReadsOfOneBlock()).isEqualTo(1);
    }

    @Test
    void many_who_want_one_block_at_once_cost_one_read() throws Exception {
        var gate = new CountDownLatch(1);
        FakeDisk disk = FakeDisk.gated("vol-1", 100, gate);
        try (LazyImage image = open(disk);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> answers = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> image.read(0, FakeDisk.BLOCK)))
                    .toList();
            gate.countDown();
            for (Future<byte[]> answer : answers) {
                assertThat(answer.get()).isEqualTo(Arrays.copyOf(disk.content(), FakeDisk.BLOCK));
            }
        }
        assertThat(disk.reads()).isEqualTo(1);
    }

    @Test
    void an_attempt_that_breaks_off_costs_nothing_that_was_read() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", BLOCKS);
        disk.failAfter(800);
        try (LazyImage image = open(disk)) {
            assertThatThrownBy(() -> image.copy(GO))
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContaining("away");
        }
        disk.failAfter(Integer.MAX_VALUE);
        try (LazyImage image = open(disk)) {
            assertThat(image.fetchedBytes()).isEqualTo(800L * FakeDisk.BLOCK);
            image.copy(GO);
        }
        assertThat(disk.reads()).isEqualTo(disk.written().cardinality());
        assertThat(Arrays.equals(stored(), disk.content())).isTrue();
    }

    @Test
    void how_far_the_image_is_can_be_seen_place_by_place() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", 100); // of its first six blocks, the third and the last were never written
        try (LazyImage image = open(disk)) {
            assertThat(image.places()).hasSize(100).startsWith("00.00.").doesNotContain("s");
            image.read(3L * FakeDisk.BLOCK, 1);
            assertThat(image.places()).startsWith("00.80.");
            image.copy(GO);
            assertThat(image.places()).startsWith("ss.ss.").containsPattern("^[s.]+$");
        }
        FakeDisk larger = FakeDisk.of("vol-2", 3 * Cells.MOST);
        ObjectStore.Upload elsewhere = new DirectoryStore(folder.resolve("objects")).upload("larger");
        try (LazyImage image = LazyImage.open(List.of(larger), folder.resolve("larger"), elsewhere, LIMITS)) {
            image.read(0, 2 * FakeDisk.BLOCK);
            image.read(3L * FakeDisk.BLOCK, 1);
            assertThat(image.places()).hasSize(Cells.MOST).startsWith("840");
        }
    }

    @Test
    void blocks_stored_by_a_machine_that_is_gone_are_read_once_more_at_most() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", BLOCKS);
        try (LazyImage image = open(disk)) {
            image.copy(GO);
        }
        LazyImage.forget(folder.resolve("blocks"));
        try (LazyImage image = open(disk)) {
            assertThat(image.fetchedBytes()).isEqualTo(image.writtenBytes());
            for (int i = 0; i < 3; i++) {
                assertThat(image.read(0, 20 * FakeDisk.BLOCK))
                        .isEqualTo(Arrays.copyOf(disk.content(), 20 * FakeDisk.BLOCK));
            }
            image.copy(GO);
        }
        assertThat(disk.mostReadsOfOneBlock()).isEqualTo(2);
        assertThat(disk.reads()).isLessThanOrEqualTo(disk.written().cardinality() + 20);
    }

    @Test
    void a_block_whose_bytes_were_lost_with_the_power_is_read_again() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", 100);
        try (LazyImage image = open(disk)) {
            image.read(0, 100 * FakeDisk.BLOCK);
        }
        Path chunk = folder.resolve("blocks/chunk-000000");
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[10]++;
        Files.write(chunk, bytes);
        byte[] journal = Files.readAllBytes(folder.resolve("blocks/journal"));
        Files.write(folder.resolve("blocks/journal"), Arrays.copyOf(journal, journal.length - 4));
        try (LazyImage image = open(disk)) {
            image.copy(GO);
        }
        assertThat(disk.reads())
                .isBetween(disk.written().cardinality() + 1, disk.written().cardinality() + 2);
        assertThat(stored()).isEqualTo(disk.content());
    }

    @Test
    void blocks_of_another_snapshot_are_not_taken_for_this_one() throws Exception {
        try (LazyImage image = open(FakeDisk.of("vol-1", 100))) {
            image.read(0, 100 * FakeDisk.BLOCK);
        }
        FakeDisk other = FakeDisk.of("vol-2", 100);
        try (LazyImage image = open(other)) {
            assertThat(image.read(0, FakeDisk.BLOCK)).isEqualTo(Arrays.copyOf(other.content(), FakeDisk.BLOCK));
        }
    }

    @Test
    void unwritten_blocks_and_blocks_of_zeros_are_told_apart() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", 6);
        try (LazyImage image = open(disk)) {
            image.copy(GO);
            assertThat(image.map().disks()).singleElement().satisfies(map -> {
                assertThat(map.written()).containsExactly(new Run(0, 2), new Run(3, 2));
                assertThat(map.zero()).containsExactly(new Run(1, 1));
            });
        }
    }

    @Test
    void a_chunk_that_is_stored_gives_its_room_back_when_room_is_short() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", BLOCKS);
        Path blocks = folder.resolve("blocks");
        try (LazyImage image = LazyImage.open(List.of(disk), blocks, upload(), new Limits(8, 80 << 20))) {
            image.copy(GO);
            assertThat(blocks.toFile().list((dir, name) -> name.startsWith("chunk-")))
                    .hasSizeLessThan(3);
            assertThat(image.read(0, FakeDisk.BLOCK)).isEqualTo(Arrays.copyOf(disk.content(), FakeDisk.BLOCK));
        }
        assertThat(Arrays.equals(stored(), disk.content())).isTrue();
    }

    @Test
    void several_disks_are_one_image_each_at_a_blocks_border() throws Exception {
        FakeDisk one = FakeDisk.of("vol-1", 50);
        FakeDisk two = FakeDisk.of("vol-2", 30);
        try (LazyImage image = open(one, two)) {
            image.copy(GO);
            assertThat(image.map().disks())
                    .extracting(BlockMap.Disk::offset)
                    .containsExactly((long) FakeDisk.BLOCK, 52L * FakeDisk.BLOCK);
        }
        byte[] tar = stored();
        assertThat(Arrays.copyOfRange(tar, FakeDisk.BLOCK, 51 * FakeDisk.BLOCK)).isEqualTo(one.content());
        assertThat(Arrays.copyOfRange(tar, 52 * FakeDisk.BLOCK, 82 * FakeDisk.BLOCK))
                .isEqualTo(two.content());
        assertThat(listed()).containsExactly("vol-1.json", "vol-1.raw", "vol-2.json", "vol-2.raw");
    }

    /// What the machine's own tar makes of it.
    private List<String> listed() throws Exception {
        Process tar = new ProcessBuilder(
                        "tar", "-tf", folder.resolve("objects/image").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).isZero();
        return names.lines().toList();
    }

    @Test
    void a_copy_that_may_not_run_yet_leaves_the_line_to_who_reads() throws Exception {
        FakeDisk disk = FakeDisk.of("vol-1", 100);
        try (LazyImage image = open(disk)) {
            var stop = new ProviderException(ProviderException.Kind.CANCELLED, "enough");
            assertThatThrownBy(() -> image.copy(new Watch() {
                        private int looks;

                        @Override
                        public boolean mayCopy() {
                            return false;
                        }

                        @Override
                        public void progress(long done, long total) throws ProviderException {
                            if (++looks > 1) {
                                throw stop;
                            }
                            try {
                                assertThat(image.read(0, 1)).hasSize(1);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        }
                    }))
                    .isSameAs(stop);
        }
        assertThat(disk.reads()).isEqualTo(1);
    }
}
