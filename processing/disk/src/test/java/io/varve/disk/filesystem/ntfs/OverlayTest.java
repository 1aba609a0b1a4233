package io.varve.disk.filesystem.ntfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files compressed by the overlay filter. No tool on Linux writes them and no real sample was read: the streams are
/// made by the compressors of [Packer], by wimlib where it is installed, and from the examples of the specification.
@Tag("disks")
class OverlayTest {
    @TempDir
    Path scratch;

    /// Text, zeros, noise and what looks like x86 calls.
    private static byte[] sample(int size) {
        var random = new Random(size);
        byte[] sample = new byte[size];
        for (int at = 0; at < size; ) {
            byte[] part = switch (random.nextInt(5)) {
                case 0 -> new byte[random.nextInt(3000)];
                case 1 -> noise(random, random.nextInt(300));
                case 2 -> calls(random);
                default ->
                    ("entry %d of %s; ".formatted(random.nextInt(50), Integer.toHexString(random.nextInt(40))))
                            .repeat(1 + random.nextInt(20))
                            .getBytes(UTF_8);
            };
            int length = Math.min(part.length, size - at);
            System.arraycopy(part, 0, sample, at, length);
            at += length;
        }
        return sample;
    }

    private static byte[] noise(Random random, int size) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] calls(Random random) {
        byte[] code = new byte[200];
        for (int i = 0; i < 200; i += 10) {
            code[i] = (byte) 0xe8;
            LittleEndian.put32(code, i + 1, random.nextInt(40_000) - 20_000);
        }
        return code;
    }

    private static byte[] reparse(int method) {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Reparse.WOF)
                .putInt(16)
                .putInt(1)
                .putInt(2)
                .putInt(1)
                .putInt(method)
                .array();
    }

    private static int chunkSize(int method) {
        return new int[] {4 << 10, 32 << 10, 8 << 10, 16 << 10}[method];
    }

    private static byte[] stream(byte[] data, int method, int... types) {
        int chunkSize = chunkSize(method);
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < data.length; at += chunkSize) {
            int to = Math.min(data.length, at + chunkSize);
            byte[] chunk = method == 1 ? Packer.lzx(data, at, to, types) : Packer.xpress(data, at, to);
            chunks.add(chunk.length < to - at ? chunk : Arrays.copyOfRange(data, at, to));
        }
        ByteBuffer table = ByteBuffer.allocate(4 * (chunks.size() - 1)).order(ByteOrder.LITTLE_ENDIAN);
        var out = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
            if (table.hasRemaining()) {
                table.putInt(out.size());
            }
        }
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(table.array());
        whole.writeBytes(out.toByteArray());
        return whole.toByteArray();
    }

    private static void same(byte[] data, byte[] stream, int method) throws Exception {
        Bytes content = Overlay.open(reparse(method), Bytes.of(stream), data.length);
        byte[] read = new byte[data.length];
        content.read(0, read, 0, read.length);
        assertThat(Arrays.mismatch(read, data)).isEqualTo(-1);
        var random = new Random(1);
        for (int i = 0; i < 50 && data.length > 0; i++) {
            int at = random.nextInt(data.length);
            int length = Math.min(random.nextInt(20_000), data.length - at);
            content.read(at, read, 0, length);
            assertThat(Arrays.equals(read, 0, length, data, at, at + length)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "3"})
    void xpress(int method) throws Exception {
        for (int size : new int[] {1, 100, 4096, 4097, 100_000, 400_001}) {
            byte[] data = sample(size);
            same(data, stream(data, method), method);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "11", "12", "21", "13", "31", "132", "3", "2213"})
    void lzx_in_blocks_of_all_types(String types) throws Exception {
        int[] blocks = types.chars().map(c -> c - '0').toArray();
        for (int size : new int[] {100, 32_768, 32_769, 250_001}) {
            byte[] data = sample(size);
            same(data, stream(data, 1, blocks), 1);
        }
    }

    @Test
    void the_examples_of_the_specification() {
        byte[] alphabet = new byte[26];
        byte[] first = new byte[256 + 20];
        byte[] lengths = HexFormat.of().parseHex("5055555555555555555555454404");
        System.arraycopy(lengths, 0, first, 0x30, lengths.length);
        first[128] = 4;
        byte[] bits = HexFormat.of().parseHex("d8523ed794115be9195ff9d67cdf8d0400000000");
        System.arraycopy(bits, 0, first, 256, bits.length);
        Xpress.expand(first, first.length, alphabet, 26);
        assertThat(new String(alphabet, UTF_8)).isEqualTo("abcdefghijklmnopqrstuvwxyz");

        byte[] second = new byte[256 + 9];
        second[0x30] = 0x30;
        second[0x31] = 0x23;
        second[0x80] = 0x02;
        second[0x8f] = 0x20;
        byte[] more = HexFormat.of().parseHex("a8dc0000ff26010000");
        System.arraycopy(more, 0, second, 256, more.length);
        byte[] repeated = new byte[300];
        Xpress.expand(second, second.length, repeated, 300);
        assertThat(new String(repeated, UTF_8)).isEqualTo("abc".repeat(100));
    }

    @ParameterizedTest
    @CsvSource({"XPRESS,4096,0", "XPRESS,8192,2", "XPRESS,16384,3", "LZX,32768,1"})
    void what_wimlib_compressed(String method, int chunkSize, int number) throws Exception {
        Shell.need("wimlib-imagex");
        byte[] data = sample(1_300_000);
        same(data, wim(data, method, chunkSize), number);
    }

    /// The stream of the one file in an archive made by wimlib, in the form the overlay filter uses too.
    private byte[] wim(byte[] data, String method, int chunkSize) throws Exception {
        Path folder = Files.createDirectories(scratch.resolve("in"));
        Files.write(folder.resolve("file"), data);
        Path archive = scratch.resolve(method + chunkSize + ".wim");
        Shell.run(
                "wimlib-imagex",
                "capture",
                folder.toString(),
                archive.toString(),
                "--compress=" + method,
                "--chunk-size=" + chunkSize);
        byte[] wim = Files.readAllBytes(archive);
        int table = (int) LittleEndian.i64(wim, 56);
        for (int at = table; ; at += 50) {
            long size = LittleEndian.i64(wim, at) & 0xff_ffff_ffff_ffffL;
            if ((wim[at + 7] & 2) == 0 && LittleEndian.i64(wim, at + 16) == data.length) {
                int from = (int) LittleEndian.i64(wim, at + 8);
                return Arrays.copyOfRange(wim, from, from + (int) size);
            }
        }
    }

    @Test
    void a_file_on_a_volume_is_expanded() throws Exception {
        byte[] data = sample(600_000);
        Path image;
        try (Mounted mounted = Mounted.make(scratch, 24 << 20)) {
            image = mounted.image();
        }
        Shell.run(
                "ntfs-3g",
                "-o",
                "streams_interface=windows",
                image.toString(),
                scratch.resolve("mount").toString());
        try (var mounted = new Mounted(image, scratch.resolve("mount"))) {
            for (int method = 0; method < 4; method++) {
                Path file = mounted.folder().resolve("file" + method);
                Files.createFile(file);
                Files.write(
                        mounted.folder().resolve("file" + method + ":" + Overlay.STREAM),
                        stream(data, method, 1),
                        StandardOpenOption.CREATE);
                Shell.run("truncate", "-s", "" + data.length, file.toString());
                mounted.attribute(file, "system.ntfs_reparse_data", reparse(method));
            }
            Path bare = mounted.folder().resolve("bare");
            Files.write(bare, new byte[0]);
            mounted.attribute(bare, "system.ntfs_reparse_data", reparse(0));
        }
        try (Bytes volume = FileBytes.open(image)) {
            Walked walked = Walked.of(new Ntfs().open(volume).getFirst());
            for (int method = 0; method < 4; method++) {
                Walked.Found found = walked.one("/file" + method);
                assertThat(found.size()).isEqualTo(data.length);
                byte[] read = new byte[data.length];
                found.open().read(0, read, 0, read.length);
                assertThat(Arrays.mismatch(read, data)).isEqualTo(-1);
            }
            assertThatThrownBy(() -> walked.one("/bare").open())
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining(Overlay.STREAM);
        }
    }

    @Tag("mutations")
    @Test
    void bytes_that_were_changed_end_in_content_or_an_error() throws Exception {
        byte[] data = sample(70_000);
        var random = new Random(7);
        List<byte[]> streams = new ArrayList<>();
        for (int method = 0; method < 4; method++) {
            streams.add(stream(data, method, 1, 2));
        }
        for (int i = 0; i < 2 * Integer.getInteger("varve.mutations", 200); i++) {
            int method = i % 4;
            byte[] stream = streams.get(method).clone();
            for (int j = 0; j < 3; j++) {
                stream[random.nextInt(i % 3 == 0 ? stream.length : 400)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(stream, stream.length - random.nextInt(2) * random.nextInt(stream.length));
            try {
                Overlay.open(reparse(method), Bytes.of(cut), data.length)
                        .read(0, new byte[data.length], 0, data.length);
            } catch (CorruptException e) {
                assertThat(e).hasMessageNotContaining("Index");
            }
        }
    }
}
