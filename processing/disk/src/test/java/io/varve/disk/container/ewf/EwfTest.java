package io.varve.disk.container.ewf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Hostile;
import io.varve.disk.container.ImageFolder;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class EwfTest {
    private static final int CHUNK = 32 << 10;
    private static final int SIZE = 3 * (1 << 20) + 512;

    /// Smallest segment of ewfacquire.
    private static final String MIB = "1048576";

    @TempDir
    Path temporary;

    private ImageFolder folder;
    private byte[] disk;

    @BeforeEach
    void makeDisk() throws IOException {
        folder = new ImageFolder(temporary);
        disk = ImageFolder.disk(SIZE, 1);
        byte[] random = new byte[CHUNK];
        new Random(2).nextBytes(random);
        System.arraycopy(random, 0, disk, 5 * CHUNK, CHUNK);
        Files.write(temporary.resolve("disk.raw"), disk);
    }

    private void acquire(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("ewfacquire", "-u", "-q", "-t", "image"));
        command.addAll(List.of(options));
        command.add("disk.raw");
        folder.run(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "ewf,e01,best",
        "smart,s01,best",
        "ftk,E01,best",
        "encase2,E01,fast",
        "encase5,E01,none",
        "encase6,E01,best",
        "encase7,E01,none",
        "linen7,E01,empty-block",
        "ewfx,e01,fast"
    })
    void every_form_that_ewfacquire_writes_gives_the_disk_and_its_digests(String form, String ending, String level)
            throws Exception {
        acquire("-f", form, "-c", "deflate:" + level, "-d", "sha1", "-S", MIB, "-C", "case 7");
        assertThat(temporary.resolve("image." + ending.charAt(0) + "02")).isRegularFile();
        Ewf ewf = new Ewf();
        assertThat(ewf.claims("image." + ending, folder.file("image." + ending)))
                .isTrue();
        try (Container image = folder.image(ewf, "image." + ending)) {
            assertThat(ImageFolder.all(image)).isEqualTo(disk);
            assertThat(image.storedDigests()).containsEntry("md5", digest("MD5", disk));
            assertThat(image.notes()).contains("case number: case 7");
        }
    }

    @Test
    void further_segments_are_not_claimed() throws Exception {
        acquire("-S", MIB);
        assertThat(new Ewf().claims("image.E02", folder.file("image.E02"))).isFalse();
        assertThat(new Ewf().claims("disk.raw", folder.file("disk.raw"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 512, 32768})
    void chunks_of_other_sizes_are_read_in_any_order_by_many_threads(int sectors) throws Exception {
        acquire("-b", Integer.toString(sectors), "-c", "deflate:best", "-d", "sha1", "-f", "encase7");
        try (Container image = folder.image(new Ewf(), "image.E01");
                var threads = Executors.newFixedThreadPool(4)) {
            assertThat(image.storedDigests())
                    .containsEntry("md5", digest("MD5", disk))
                    .containsEntry("sha1", digest("SHA-1", disk));
            List<Callable<Boolean>> readers = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                var random = new Random(seed);
                readers.add(() -> readsEqual(image, random));
            }
            for (var done : threads.invokeAll(readers)) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    private boolean readsEqual(Bytes image, Random random) throws IOException {
        for (int i = 0; i < 100; i++) {
            int offset = random.nextInt(SIZE);
            int length = random.nextInt(Math.min(200_000, SIZE - offset));
            byte[] part = new byte[length + 2];
            image.read(offset, part, 1, length);
            if (!Arrays.equals(part, 1, length + 1, disk, offset, offset + length)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void a_missing_segment_is_named() throws Exception {
        acquire("-S", MIB);
        Files.delete(temporary.resolve("image.E03"));
        assertThatThrownBy(() -> folder.image(new Ewf(), "image.E01"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("image.E03 is missing")
                .hasMessageContaining("put it beside image.E01");
    }

    @Test
    void a_segment_in_the_place_of_another_is_named() throws Exception {
        acquire("-S", MIB);
        Files.copy(temporary.resolve("image.E02"), temporary.resolve("image.E03"), REPLACE_EXISTING);
        assertThatThrownBy(() -> folder.image(new Ewf(), "image.E01"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("image.E03 is segment 2, not 3");
    }

    @Test
    void a_damaged_chunk_costs_its_bytes_only_and_is_named() throws Exception {
        acquire("-c", "none");
        byte[] file = Files.readAllBytes(temporary.resolve("image.E01"));
        int inChunk = find(file, Arrays.copyOfRange(disk, 5 * CHUNK, 5 * CHUNK + 512)) + 1000;
        file[inChunk] ^= 1;
        try (Container image = new Ewf().open("image.E01", Bytes.of(file), Neighbours.NONE)) {
            assertReads(image, 0, 5 * CHUNK);
            assertThatThrownBy(() -> image.read(5 * CHUNK + 10, new byte[1], 0, 1))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("E01 chunk 5 ")
                    .hasMessageContaining("image.E01")
                    .hasMessageContaining("bytes %d to %d".formatted(5 * CHUNK, 6 * CHUNK));
            assertReads(image, 6 * CHUNK, SIZE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "best"})
    void a_cut_image_is_read_as_far_as_it_goes(String level) throws Exception {
        acquire("-c", "deflate:" + level);
        byte[] whole = Files.readAllBytes(temporary.resolve("image.E01"));
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        try (Container image = new Ewf().open("image.E01", Bytes.of(cut), Neighbours.NONE)) {
            assertThat(image.size()).isEqualTo(SIZE);
            assertThat(image.notes()).anyMatch(note -> note.contains("is cut after " + cut.length));
            int readable = readable(image);
            assertThat(readable).isGreaterThan(SIZE / 4).isLessThan(SIZE);
            assertReads(image, 0, readable);
            assertThatThrownBy(() -> image.read(readable, new byte[1], 0, 1))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("chunk " + readable / CHUNK)
                    .hasMessageContaining("is cut after " + cut.length);
        }
    }

    @Test
    void a_cut_segment_in_the_middle_leaves_the_following_ones_in_their_place() throws Exception {
        acquire("-S", MIB);
        Path second = temporary.resolve("image.E02");
        byte[] whole = Files.readAllBytes(second);
        Files.write(second, Arrays.copyOf(whole, 300_000));
        try (Container image = folder.image(new Ewf(), "image.E01")) {
            int readable = readable(image);
            assertReads(image, 0, readable);
            assertThat(readable).isBetween(1_000_000, 2_000_000);
            assertReads(image, 2_200_000, SIZE);
        }
    }

    @Test
    void a_damaged_table_is_replaced_by_its_copy_and_lost_tables_by_the_chunks_themselves() throws Exception {
        acquire("-c", "deflate:best");
        byte[] file = Files.readAllBytes(temporary.resolve("image.E01"));
        int table = find(file, "table\0".getBytes(US_ASCII));
        Arrays.fill(file, table + 76, table + 76 + 200, (byte) 0x55);
        assertDisk(file);
        Arrays.fill(file, table + 76, table + 76 + 20, (byte) 0);
        assertDisk(file);
        int copy = find(file, "table2\0".getBytes(US_ASCII));
        Arrays.fill(file, copy + 76, copy + 76 + 200, (byte) 0x55);
        assertDisk(file);
    }

    @Tag("mutations")
    @Test
    void damaged_images_end_in_content_or_an_error() throws Exception {
        acquire("-c", "deflate:best", "-d", "sha1", "-B", "524288");
        byte[] file = Files.readAllBytes(temporary.resolve("image.E01"));
        byte[] marker = "table\0".getBytes(US_ASCII);
        int table = find(file, marker);
        int volume = find(file, "volume\0".getBytes(US_ASCII));
        Hostile.survives(
                file,
                bytes -> new Ewf().open("image.E01", Bytes.of(bytes), Neighbours.NONE),
                0,
                13,
                volume,
                volume + 76,
                table,
                table + 76,
                file.length - 600);
    }

    @ParameterizedTest
    @CsvSource({"ext2.E01", "ext2.split.E01", "plaso_image.E01"})
    void images_of_the_corpus_have_the_digest_they_state(String name) throws Exception {
        try (Container image = ImageFolder.corpus("E01").image(new Ewf(), name)) {
            assertThat(image.storedDigests()).containsEntry("md5", digest("MD5", ImageFolder.all(image)));
            assertThat(image.format()).isEqualTo("E01");
        }
    }

    @Test
    void the_linux_image_of_the_corpus_has_the_digests_that_ewfacquire_reported() throws Exception {
        ImageFolder own = ImageFolder.corpus("own");
        String reported = Files.readString(own.folder().resolve("truth/linux-ext4.ewfacquire.txt"));
        try (Container image = own.image(new Ewf(), "linux-ext4.E01")) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] block = new byte[1 << 20];
            for (long offset = 0; offset < image.size(); offset += block.length) {
                int length = (int) Math.min(block.length, image.size() - offset);
                image.read(offset, block, 0, length);
                md5.update(block, 0, length);
            }
            String digest = HexFormat.of().formatHex(md5.digest());
            assertThat(reported).contains(digest);
            assertThat(image.storedDigests()).containsEntry("md5", digest);
        }
    }

    @Test
    void names_of_segments_go_from_digits_to_letters() {
        SegmentNames upper = SegmentNames.of("a.b.E01").orElseThrow();
        assertThat(upper.name(2)).contains("a.b.E02");
        assertThat(upper.name(99)).contains("a.b.E99");
        assertThat(upper.name(100)).contains("a.b.EAA");
        assertThat(upper.name(126)).contains("a.b.EBA");
        assertThat(upper.name(100 + 26 * 26)).contains("a.b.FAA");
        assertThat(upper.name(100 + 26 * 26 * 22)).isEmpty();
        assertThat(SegmentNames.of("x.s01").orElseThrow().name(101)).contains("x.sab");
        assertThat(SegmentNames.of("x.Ex01").orElseThrow().name(100)).contains("x.ExAA");
        assertThat(SegmentNames.of("x.Ex01").orElseThrow().name(100 + 26 * 26)).contains("x.EyAA");
        assertThat(SegmentNames.of("x.raw")).isEmpty();
    }

    private void assertDisk(byte[] file) throws IOException {
        try (Container image = new Ewf().open("image.E01", Bytes.of(file), Neighbours.NONE)) {
            assertReads(image, 0, SIZE);
        }
    }

    private void assertReads(Bytes image, int from, int to) throws IOException {
        byte[] part = new byte[to - from];
        image.read(from, part, 0, part.length);
        assertThat(Arrays.equals(part, 0, part.length, disk, from, to)).isTrue();
    }

    private static int readable(Bytes image) throws IOException {
        int offset = 0;
        try {
            for (byte[] chunk = new byte[CHUNK]; offset < image.size(); offset += CHUNK) {
                image.read(offset, chunk, 0, (int) Math.min(CHUNK, image.size() - offset));
            }
        } catch (CorruptException e) {
            return offset;
        }
        return offset;
    }

    private static int find(byte[] file, byte[] wanted) {
        for (int i = 0; i + wanted.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not in the file");
    }

    private static String digest(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }
}
