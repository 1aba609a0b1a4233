package io.varve.disk.filesystem.ntfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.LittleEndian;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A table so fragmented that its own record needs an attribute list: a volume of mkntfs whose `$MFT` is taken apart
/// here, cluster by cluster. fls, which reads it the same way, says whether it was done right.
@Tag("disks")
class TableInPiecesTest {
    private static final int CLUSTER = 1024;
    private static final int RECORD = 1024;
    private static final int FIRST_PART = 64;
    private static final int FURTHER_RECORD = 40;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_file_is_found(boolean resident) throws Exception {
        Path made;
        try (Mounted mounted = Mounted.make(scratch, 4 << 20, "-c", "" + CLUSTER)) {
            made = mounted.image();
            for (int i = 0; i < 90; i++) {
                Files.write(
                        mounted.folder().resolve("file number " + i),
                        ("content " + i).repeat(i).getBytes(UTF_8));
            }
        }
        byte[] image = Files.readAllBytes(made);
        Walked before = Walked.of(new Ntfs().open(Bytes.of(image.clone())).getFirst());
        takeApart(image, resident);
        Walked walked = Walked.of(new Ntfs().open(Bytes.of(image)).getFirst());
        assertThat(walked.problems).isEmpty();
        assertThat(walked.paths.keySet()).isEqualTo(before.paths.keySet());
        for (int i = 0; i < 90; i++) {
            assertThat(walked.one("/file number " + i).md5())
                    .isEqualTo(before.one("/file number " + i).md5());
        }
        assertThat(walked.one("/$MFT").md5()).isNotEqualTo(before.one("/$MFT").md5());
        Shell.need("fls");
        Path file = Files.write(scratch.resolve("pieces.img"), image);
        Path body = Files.writeString(scratch.resolve("body"), Shell.run("fls", "-r", "-m", "/", file.toString()));
        assertThat(Files.readAllLines(body)).hasSizeGreaterThan(200);
        assertThat(BodyFile.differences(body, walked)).isEmpty();
    }

    private static void takeApart(byte[] image, boolean resident) throws IOException {
        BootSector boot = BootSector.read(Bytes.of(image), 0).orElseThrow();
        int table = (int) boot.table() * CLUSTER;
        byte[] first = Arrays.copyOfRange(image, table, table + RECORD);
        assertThat(Fixups.apply(first, 0, RECORD)).isEmpty();
        int data = find(first, Attribute.DATA);
        var runs = new Runs(boot.clusters());
        Attribute.addRuns(first, data, runs);

        // every cluster behind the first part goes to a place of its own, from the end of the volume down
        var further = new ByteArrayOutputStream();
        int before = 0;
        for (int cluster = FIRST_PART; cluster < runs.end(); cluster++) {
            int run = runs.find(cluster);
            int from = (int) (runs.place(run) + cluster - runs.start(run)) * CLUSTER;
            int place = (int) boot.clusters() - 40 - 2 * (cluster - FIRST_PART);
            assertThat(Arrays.mismatch(
                            Arrays.copyOfRange(image, place * CLUSTER, (place + 1) * CLUSTER), new byte[CLUSTER]))
                    .isEqualTo(-1);
            System.arraycopy(image, from, image, place * CLUSTER, CLUSTER);
            Arrays.fill(image, from, from + CLUSTER, (byte) 0xee);
            int step = place - before;
            further.writeBytes(new byte[] {0x21, 1, (byte) step, (byte) (step >> 8)});
            before = place;
        }
        further.write(0);
        byte[] furtherData = extent(FIRST_PART, runs.end() - 1, further.toByteArray(), new byte[24]);
        byte[] sizes = Arrays.copyOfRange(first, data + 40, data + 64);
        byte[] firstData = extent(
                0,
                FIRST_PART - 1,
                new byte[] {0x21, FIRST_PART, (byte) boot.table(), (byte) (boot.table() >> 8), 0},
                sizes);

        byte[] list = list(first);
        if (!resident) {
            int place = (int) boot.clusters() - 30;
            System.arraycopy(list, 0, image, place * CLUSTER, list.length);
            ByteBuffer listSizes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            listSizes.putLong(CLUSTER).putLong(list.length).putLong(list.length);
            list = extent(0, 0, new byte[] {0x21, 1, (byte) place, (byte) (place >> 8), 0}, listSizes.array());
            LittleEndian.put32(list, 0, Attribute.ATTRIBUTE_LIST);
        } else {
            byte[] value = list;
            list = new byte[24 + (value.length + 7) / 8 * 8];
            LittleEndian.put32(list, 0, Attribute.ATTRIBUTE_LIST);
            LittleEndian.put32(list, 4, list.length);
            LittleEndian.put32(list, 16, value.length);
            LittleEndian.put16(list, 20, 24);
            System.arraycopy(value, 0, list, 24, value.length);
        }
        byte[] attributes = join(
                attribute(first, Attribute.STANDARD_INFORMATION),
                list,
                attribute(first, Attribute.FILE_NAME),
                firstData,
                attribute(first, 0xb0));
        put(image, table, first, attributes, 0);
        put(image, table + FURTHER_RECORD * RECORD, first, furtherData, 1L << 48);
    }

    private static byte[] extent(long lowest, long highest, byte[] runs, byte[] sizes) {
        byte[] extent = new byte[64 + (runs.length + 7) / 8 * 8];
        LittleEndian.put32(extent, 0, Attribute.DATA);
        LittleEndian.put32(extent, 4, extent.length);
        extent[8] = 1;
        LittleEndian.put16(extent, 14, 9);
        LittleEndian.put64(extent, 16, lowest);
        LittleEndian.put64(extent, 24, highest);
        LittleEndian.put16(extent, 32, 64);
        System.arraycopy(sizes, 0, extent, 40, 24);
        System.arraycopy(runs, 0, extent, 64, runs.length);
        return extent;
    }

    private static byte[] list(byte[] first) {
        var list = ByteBuffer.allocate(5 * 32).order(ByteOrder.LITTLE_ENDIAN);
        int[] types = {Attribute.STANDARD_INFORMATION, Attribute.FILE_NAME, Attribute.DATA, Attribute.DATA, 0xb0};
        for (int i = 0; i < types.length; i++) {
            boolean further = i == 3;
            int id = types[i] == Attribute.DATA ? 9 : LittleEndian.u16(first, find(first, types[i]) + 14);
            list.putInt(types[i]).putShort((short) 32).put((byte) 0).put((byte) 26);
            list.putLong(further ? FIRST_PART : 0).putLong(1L << 48 | (further ? FURTHER_RECORD : 0));
            list.putShort((short) id).position((i + 1) * 32);
        }
        return list.array();
    }

    private static int find(byte[] record, int type) {
        int at = Record.first(record);
        while (LittleEndian.i32(record, at) != type) {
            at += Attribute.length(record, at);
        }
        return at;
    }

    private static byte[] attribute(byte[] record, int type) {
        int at = find(record, type);
        return Arrays.copyOfRange(record, at, at + Attribute.length(record, at));
    }

    private static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /// Writes a record with the header of another, its update sequence in place.
    private static void put(byte[] image, int place, byte[] like, byte[] attributes, long base) {
        byte[] record = Arrays.copyOf(Arrays.copyOf(like, Record.first(like)), RECORD);
        int from = Record.first(record);
        System.arraycopy(attributes, 0, record, from, attributes.length);
        LittleEndian.put32(record, from + attributes.length, Attribute.END);
        LittleEndian.put32(record, 24, from + attributes.length + 8);
        LittleEndian.put64(record, 32, base);
        LittleEndian.put16(record, 16, 1);
        LittleEndian.put32(record, 44, base == 0 ? 0 : FURTHER_RECORD);
        int sequence = LittleEndian.u16(record, 4);
        for (int i = 1; i <= RECORD / 512; i++) {
            LittleEndian.put16(record, sequence + 2 * i, LittleEndian.u16(record, 512 * i - 2));
            LittleEndian.put16(record, 512 * i - 2, LittleEndian.u16(record, sequence));
        }
        System.arraycopy(record, 0, image, place, RECORD);
    }
}
