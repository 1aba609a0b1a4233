package io.varve.disk.container.compressed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.Scratch;
import io.varve.disk.container.Hostile;
import io.varve.disk.container.ImageFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class CompressedRawTest {
    private static final int SIZE = 6 * (1 << 20) + 777;

    @TempDir
    Path temporary;

    private final byte[] disk = ImageFolder.disk(SIZE, 7);

    private CompressedRaw open(byte[] file) throws IOException {
        return open(Bytes.of(file));
    }

    private CompressedRaw open(Bytes file) throws IOException {
        return CompressedRaw.open("disk", file, new Scratch(temporary, 1L << 30));
    }

    private static byte[] gzip(int level, int strategy, byte[]... members) throws IOException {
        var out = new ByteArrayOutputStream();
        for (byte[] member : members) {
            try (var gzip = new GZIPOutputStream(out) {
                {
                    def.setLevel(level);
                    def.setStrategy(strategy);
                }
            }) {
                gzip.write(member);
            }
        }
        return out.toByteArray();
    }

    private void assertDisk(CompressedRaw raw) throws IOException {
        assertThat(raw.size()).isEqualTo(SIZE);
        assertThat(raw.damage()).isEmpty();
        var random = new Random(5);
        for (int i = 0; i < 60; i++) {
            int offset = random.nextInt(SIZE);
            byte[] part = new byte[random.nextInt(Math.min(1_500_000, SIZE - offset))];
            raw.read(offset, part, 0, part.length);
            assertThat(Arrays.equals(part, 0, part.length, disk, offset, offset + part.length))
                    .isTrue();
        }
        assertThat(Arrays.equals(ImageFolder.all(raw), disk)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,0", "6,0", "9,0", "0,0", "6,1", "6,2"})
    void every_kind_of_deflate_block_is_read_at_any_place(int level, int strategy) throws Exception {
        try (CompressedRaw raw = open(gzip(level, strategy, disk))) {
            assertDisk(raw);
            assertThat(raw.format()).isEqualTo("gzip raw");
        }
    }

    @Test
    void many_members_are_one_disk() throws Exception {
        List<byte[]> parts = new ArrayList<>();
        for (int start = 0; start < SIZE; start += 65_280) {
            parts.add(Arrays.copyOfRange(disk, start, Math.min(SIZE, start + 65_280)));
        }
        parts.add(new byte[0]);
        try (CompressedRaw raw = open(gzip(6, 0, parts.toArray(byte[][]::new)))) {
            assertDisk(raw);
        }
    }

    @Test
    void a_file_of_the_gzip_tool_with_its_name_inside_is_read() throws Exception {
        Files.write(temporary.resolve("disk.raw"), disk);
        new ImageFolder(temporary).run("gzip", "-9", "--name", "disk.raw");
        try (CompressedRaw raw = open(new ImageFolder(temporary).file("disk.raw.gz"))) {
            assertDisk(raw);
        }
    }

    @Test
    void many_threads_read_at_once() throws Exception {
        try (CompressedRaw raw = open(gzip(6, 0, disk));
                var threads = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> reader = () -> {
                var random = new Random();
                for (int i = 0; i < 100; i++) {
                    int offset = random.nextInt(SIZE - 5000);
                    byte[] part = new byte[5000];
                    raw.read(offset, part, 0, 5000);
                    if (!Arrays.equals(part, 0, 5000, disk, offset, offset + 5000)) {
                        return false;
                    }
                }
                return true;
            };
            for (var done : threads.invokeAll(List.of(reader, reader, reader, reader))) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    @Test
    void the_first_bytes_need_no_pass_and_a_late_read_no_start_over() throws Exception {
        byte[] noise = new byte[24 << 20];
        new Random(1).nextBytes(noise);
        var read = new AtomicLong();
        Bytes counted = counting(gzip(1, 0, noise), read);
        try (CompressedRaw raw = open(counted)) {
            byte[] part = new byte[4096];
            raw.read(0, part, 0, part.length);
            assertThat(read.get()).isLessThan(3 << 20);
            assertThat(raw.size()).isEqualTo(noise.length);
            read.set(0);
            raw.read(20_000_000, part, 0, part.length);
            assertThat(part).isEqualTo(Arrays.copyOfRange(noise, 20_000_000, 20_004_096));
            assertThat(read.get()).isLessThan(4 << 20);
        }
    }

    private static Bytes counting(byte[] file, AtomicLong read) {
        return new Bytes() {
            @Override
            public long size() {
                return file.length;
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) {
                check(offset, length, "read");
                read.addAndGet(length);
                System.arraycopy(file, (int) offset, target, start, length);
            }
        };
    }

    @Test
    void holes_are_told() throws Exception {
        byte[] sparse = new byte[8 << 20];
        sparse[0] = 1;
        sparse[sparse.length - 1] = 1;
        try (CompressedRaw raw = open(gzip(6, 0, sparse))) {
            assertThat(raw.size()).isEqualTo(sparse.length);
            assertThat(raw.zeros(0)).isZero();
            assertThat(raw.zeros(1 << 20)).isEqualTo(6L << 20);
            assertThat(raw.zeros((3 << 20) + 5)).isEqualTo((4L << 20) - 5);
            assertThat(Arrays.equals(ImageFolder.all(raw), sparse)).isTrue();
        }
    }

    @Test
    void a_cut_file_is_read_as_far_as_it_goes_and_says_so() throws Exception {
        byte[] whole = gzip(6, 0, disk);
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        long expected = expandedByTheJdk(cut);
        try (CompressedRaw raw = open(cut)) {
            assertThat(raw.size()).isBetween(expected - 300, expected + 300);
            byte[] all = ImageFolder.all(raw);
            assertThat(Arrays.equals(all, 0, all.length, disk, 0, all.length)).isTrue();
            assertThat(raw.damage())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("cut at offset " + cut.length));
            assertThatThrownBy(() -> raw.read(all.length, new byte[1], 0, 1)).isInstanceOf(CorruptException.class);
        }
    }

    private static long expandedByTheJdk(byte[] file) {
        long count = 0;
        try (var in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            while (in.read() >= 0) {
                count++;
            }
        } catch (IOException e) {
            return count;
        }
        return count;
    }

    @Test
    void a_wrong_checksum_and_bytes_after_the_end_are_told() throws Exception {
        byte[] file = gzip(6, 0, new byte[] {1, 2, 3});
        byte[] wrong = file.clone();
        wrong[wrong.length - 8] ^= 1;
        try (CompressedRaw raw = open(wrong)) {
            assertThat(raw.size()).isEqualTo(3);
            assertThat(raw.damage())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("checksum"));
        }
        try (CompressedRaw raw = open(Arrays.copyOf(file, file.length + 100))) {
            assertThat(raw.size()).isEqualTo(3);
            assertThat(raw.damage()).isEmpty();
        }
        byte[] trailing = Arrays.copyOf(file, file.length + 20);
        trailing[file.length + 3] = 'x';
        try (CompressedRaw raw = open(trailing)) {
            assertThat(raw.damage())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("are not gzip"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "pzstd"})
    void files_of_the_zstd_tools_are_read(String tool) throws Exception {
        Files.write(temporary.resolve("disk.raw"), disk);
        new ImageFolder(temporary).run(tool, "-q", "-3", "disk.raw");
        try (CompressedRaw raw = open(new ImageFolder(temporary).file("disk.raw.zst"))) {
            assertDisk(raw);
            assertThat(raw.format()).isEqualTo("zstd raw");
        }
    }

    @Test
    void zstd_with_a_seek_table_is_read_by_frames() throws Exception {
        byte[] file = seekable(1 << 20);
        var read = new AtomicLong();
        try (CompressedRaw raw = open(counting(file, read))) {
            assertThat(raw.size()).isEqualTo(SIZE);
            raw.read(SIZE - 10, new byte[10], 0, 10);
            assertThat(read.get()).isLessThan(file.length / 2);
            assertDisk(raw);
        }
    }

    /// Frames that do not state their size, and the table that does.
    private byte[] seekable(int frame) throws IOException {
        var out = new ByteArrayOutputStream();
        var table = ByteBuffer.allocate(8 * (SIZE / frame + 2) + 17).order(ByteOrder.LITTLE_ENDIAN);
        table.position(8);
        int count = 0;
        for (int start = 0; start < SIZE; start += frame, count++) {
            var part = new ByteArrayOutputStream();
            int length = Math.min(frame, SIZE - start);
            try (var zstd = new ZstdOutputStream(part, 3)) {
                zstd.write(disk, start, length);
            }
            part.writeTo(out);
            table.putInt(part.size()).putInt(length);
        }
        table.putInt(count).put((byte) 0).putInt(0x8f92eab1);
        int length = table.position();
        table.putInt(0, 0x184d2a5e).putInt(4, length - 8);
        out.write(table.array(), 0, length);
        return out.toByteArray();
    }

    @Test
    void a_zstd_stream_of_unknown_size_goes_through_scratch() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var zstd = new ZstdOutputStream(out)) {
            zstd.write(disk);
        }
        byte[] whole = out.toByteArray();
        try (CompressedRaw raw = open(whole)) {
            assertDisk(raw);
        }
        try (CompressedRaw raw = open(Arrays.copyOf(whole, whole.length / 2))) {
            assertThat(raw.damage()).isPresent();
            byte[] all = ImageFolder.all(raw);
            assertThat(all.length).isPositive();
            assertThat(Arrays.equals(all, 0, all.length, disk, 0, all.length)).isTrue();
        }
    }

    @Test
    void stored_blocks_may_begin_where_a_piece_of_the_input_ends() throws Exception {
        var deflater = new Deflater(9, true);
        var compressed = new ByteArrayOutputStream();
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};
        compressed.write(header);
        byte[] some = new byte[64];
        for (int at = 0; at < disk.length; at += 7) {
            // each flush writes an empty stored block
            deflater.setInput(disk, at, Math.min(7, disk.length - at));
            compressed.write(some, 0, deflater.deflate(some, 0, some.length, Deflater.SYNC_FLUSH));
        }
        deflater.finish();
        compressed.write(some, 0, deflater.deflate(some));
        deflater.end();
        var crc = new CRC32();
        crc.update(disk);
        compressed.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .putInt(disk.length)
                .array());
        try (CompressedRaw raw = open(compressed.toByteArray())) {
            assertThat(raw.damage()).isEmpty();
            assertDisk(raw);
        }
    }

    @Test
    void other_files_are_refused_by_name() {
        assertThatThrownBy(() -> open(new byte[512]))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("disk is neither gzip nor zstd");
    }

    @Tag("mutations")
    @Test
    void damaged_files_end_in_content_or_an_error() throws Exception {
        byte[] small = Arrays.copyOf(disk, 300_000);
        Hostile.survives(gzip(6, 0, small), this::open, 0, 10, 100);
        Hostile.survives(gzip(1, Deflater.HUFFMAN_ONLY, small), this::open, 0, 10);
        Hostile.survives(Zstd.compress(small), this::open, 0, 10);
        byte[] seekable = seekable(1 << 19);
        Hostile.survives(seekable, this::open, 0, seekable.length - 100, seekable.length - 20);
    }
}
