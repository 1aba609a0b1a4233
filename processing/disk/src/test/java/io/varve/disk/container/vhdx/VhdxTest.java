package io.varve.disk.container.vhdx;

import static io.varve.disk.container.VirtualDisks.assertSame;
import static io.varve.disk.container.VirtualDisks.assertSurvives;
import static io.varve.disk.container.VirtualDisks.corpus;
import static io.varve.disk.container.VirtualDisks.disk;
import static io.varve.disk.container.VirtualDisks.folder;
import static io.varve.disk.container.VirtualDisks.open;
import static io.varve.disk.container.VirtualDisks.run;
import static io.varve.disk.container.VirtualDisks.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Image;
import io.varve.disk.container.Neighbours;
import io.varve.disk.container.vhdx.VhdxFiles.Change;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class VhdxTest {
    private static final int SIZE = 9 * 1024 * 1024 + 1536;
    private static final int MEBIBYTE = 1 << 20;
    private static final int SECTOR = 4096;

    @TempDir
    Path folder;

    private final Vhdx format = new Vhdx();

    @ParameterizedTest
    @ValueSource(strings = {"dynamic", "fixed", "dynamic,block_size=1M", "dynamic,block_size=1M,block_state_zero=off"})
    void a_converted_disk_is_the_same_bit_by_bit(String subformat) throws Exception {
        Path raw = disk(folder, SIZE, 1);
        run(folder, "qemu-img convert -O vhdx -o subformat=%s %s a.vhdx".formatted(subformat, raw));
        try (Container disk = open(format, folder.resolve("a.vhdx"))) {
            assertSame(disk, raw);
            assertThat(disk.notes()).isEmpty();
        }
    }

    @Test
    void blocks_not_stored_are_told_to_be_zero_and_chunks_are_counted() throws Exception {
        run(folder, "qemu-img create -q -f vhdx -o block_size=1M a.vhdx 100G");
        run(folder, "qemu-io", "-f", "vhdx", "-c", "write -P 7 50G 64k", "-c", "write -P 8 4095M 2M", "a.vhdx");
        try (Container disk = open(format, folder.resolve("a.vhdx"))) {
            assertThat(zeros(disk)).isEqualTo((100L << 30) - 3 * MEBIBYTE);
            byte[] part = new byte[2];
            disk.read((4096L << 20) - 1, part, 0, 2);
            assertThat(part).containsExactly(8, 8);
            disk.read(50L << 30, part, 0, 2);
            assertThat(part).containsExactly(7, 7);
        }
    }

    private byte[] image(long seed) throws Exception {
        run(folder, "qemu-img convert -O vhdx -o block_size=1M %s a.vhdx".formatted(disk(folder, SIZE, seed)));
        return Files.readAllBytes(folder.resolve("a.vhdx"));
    }

    @Test
    void either_copy_of_header_and_region_table_is_enough() throws Exception {
        byte[] image = image(2);
        for (int[] broken : new int[][] {{0x10000, 0x30000}, {0x20000, 0x40000}, {0x10000, 0x40000}}) {
            byte[] damaged = image.clone();
            damaged[broken[0] + 100] ^= 1;
            damaged[broken[1] + 100] ^= 1;
            Files.write(folder.resolve("b.vhdx"), damaged);
            try (Container disk = open(format, folder.resolve("b.vhdx"))) {
                assertSame(disk, folder.resolve("disk2.raw"));
                assertThat(disk.notes()).isNotEmpty();
            }
        }
        image[0x10000 + 100] ^= 1;
        image[0x20000 + 100] ^= 1;
        Files.write(folder.resolve("b.vhdx"), image);
        assertThatThrownBy(() -> open(format, folder.resolve("b.vhdx")))
                .isInstanceOf(CorruptException.class)
                .hasMessage("VHDX headers at offsets 65536 and 131072 are both damaged");
    }

    /// An image whose tables are garbage on disk and right in the log. An older sequence than the one that counts and
    /// one of another log are there too.
    ///
    /// @param back bytes before the end of the log at which the sequence starts; it goes on at the log's start
    private byte[] dirty(byte[] image, byte[] truth, int back) {
        UUID log = UUID.randomUUID();
        ByteBuffer in = VhdxFiles.little(image);
        int table = (int) in.getLong(0x30000 + 16 + 16);
        int metadata = (int) in.getLong(0x30000 + 48 + 16);
        byte[] rightTable = Arrays.copyOfRange(image, table, table + SECTOR);
        byte[] rightMetadata = Arrays.copyOfRange(image, metadata, metadata + SECTOR);
        byte[] garbage = new byte[SECTOR];
        Arrays.fill(garbage, (byte) 0xee);
        int zeroed = (int) (in.getLong(table) >>> 20) * MEBIBYTE;
        byte[] dirty = image.clone();
        System.arraycopy(garbage, 0, dirty, table, SECTOR);
        System.arraycopy(garbage, 0, dirty, metadata, SECTOR);
        VhdxFiles.setLog(dirty, log);
        int start = (VhdxFiles.logLength(dirty) - back) % VhdxFiles.logLength(dirty);
        byte[] first = VhdxFiles.entry(log, 1 << 20, start, image.length, List.of(Change.data(table, garbage)));
        byte[] second = VhdxFiles.entry(
                log,
                (1 << 20) + 1,
                start,
                image.length,
                List.of(Change.data(metadata, rightMetadata), Change.data(table, rightTable)));
        byte[] third = VhdxFiles.entry(
                log,
                (1 << 20) + 2,
                start,
                image.length,
                List.of(Change.data(zeroed + 2 * SECTOR, garbage), Change.zeros(zeroed, 64 << 10)));
        VhdxFiles.putLog(dirty, start, first);
        VhdxFiles.putLog(dirty, start + first.length, second);
        VhdxFiles.putLog(dirty, start + first.length + second.length, third);
        int old = 40 * SECTOR;
        VhdxFiles.putLog(dirty, old, VhdxFiles.entry(log, 9, old, image.length, List.of(Change.data(0, garbage))));
        UUID other = UUID.randomUUID();
        int alien = 50 * SECTOR;
        VhdxFiles.putLog(
                dirty, alien, VhdxFiles.entry(other, 1L << 40, alien, image.length, List.of(Change.data(0, garbage))));
        Arrays.fill(truth, 0, 64 << 10, (byte) 0);
        return dirty;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, SECTOR, 3 * SECTOR})
    void a_log_not_written_back_is_replayed_in_memory(int back) throws Exception {
        byte[] image = image(3);
        byte[] truth = Files.readAllBytes(folder.resolve("disk3.raw"));
        Files.write(folder.resolve("dirty.vhdx"), dirty(image, truth, back));
        Files.write(folder.resolve("truth.raw"), truth);
        try (Container disk = open(format, folder.resolve("dirty.vhdx"))) {
            assertSame(disk, folder.resolve("truth.raw"));
            assertThat(disk.notes()).containsExactly("the log was replayed in memory: 3 entries");
        }
        if (back > 0) {
            // QEMU 7.2 takes the entries at the start of the log for a sequence of their own
            return;
        }
        run(folder, "qemu-img check -q -r all -f vhdx dirty.vhdx");
        run(folder, "qemu-img convert -f vhdx -O raw dirty.vhdx qemu.raw");
        assertThat(Files.mismatch(folder.resolve("truth.raw"), folder.resolve("qemu.raw")))
                .isEqualTo(-1);
    }

    @Test
    void a_log_with_no_whole_sequence_is_noted() throws Exception {
        byte[] image = image(4);
        VhdxFiles.setLog(image, UUID.randomUUID());
        Files.write(folder.resolve("b.vhdx"), image);
        try (Container disk = open(format, folder.resolve("b.vhdx"))) {
            assertSame(disk, folder.resolve("disk4.raw"));
            assertThat(disk.notes())
                    .containsExactly("the log is not empty but holds no whole sequence; its changes are lost");
        }
    }

    private byte[] child(byte[] changed, int sector, UUID parent) {
        BitSet here = new BitSet();
        for (int i = 0; i < 2 * MEBIBYTE / sector; i++) {
            here.set(2 * MEBIBYTE / sector + i, i % 7 < 3);
        }
        return VhdxFiles.differencing(
                changed,
                sector,
                Map.of(1, 6, 2, 7, 3, 7, 4, 2, 5, 3),
                here,
                Map.of(
                        "parent_linkage", "{%s}".formatted(parent),
                        "relative_path", "..\\Basis Ü\\parent.vhdx",
                        "absolute_win32_path", "\\\\?\\C:\\Hyper-V\\parent.vhdx"));
    }

    /// What the disk of [#child] is.
    private static byte[] truth(byte[] parent, byte[] changed, int sector) {
        byte[] truth = parent.clone();
        System.arraycopy(changed, MEBIBYTE, truth, MEBIBYTE, MEBIBYTE);
        for (int i = 0; i < 2 * MEBIBYTE / sector; i++) {
            if (i % 7 < 3) {
                System.arraycopy(changed, 2 * MEBIBYTE + i * sector, truth, 2 * MEBIBYTE + i * sector, sector);
            }
        }
        Arrays.fill(truth, 4 * MEBIBYTE, 6 * MEBIBYTE, (byte) 0);
        return truth;
    }

    private UUID parentId() throws Exception {
        try (Image parent = (Image) open(format, folder.resolve("parent.vhdx"))) {
            return UUID.fromString(parent.identity());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void a_differencing_disk_reads_through_to_its_parent(int sector) throws Exception {
        int size = 9 * MEBIBYTE + SECTOR;
        Path raw = disk(folder, size, 5);
        run(folder, "qemu-img convert -O vhdx -o block_size=1M %s parent.vhdx".formatted(raw));
        byte[] changed = Files.readAllBytes(disk(folder, size, 6));
        Files.write(folder.resolve("child.avhdx"), child(changed, sector, parentId()));
        Files.write(folder.resolve("truth.raw"), truth(Files.readAllBytes(raw), changed, sector));
        try (Container disk = open(format, folder.resolve("child.avhdx"))) {
            assertSame(disk, folder.resolve("truth.raw"));
            assertThat(disk.format()).isEqualTo("VHDX differencing");
        }
    }

    @Test
    void a_parent_that_is_missing_or_was_written_since_is_named() throws Exception {
        run(folder, "qemu-img create -q -f vhdx -o block_size=1M parent.vhdx 8M");
        Files.write(folder.resolve("child.vhdx"), child(new byte[8 * MEBIBYTE], 512, new UUID(1, 2)));
        assertThatThrownBy(() -> open(format, folder.resolve("child.vhdx")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the parent parent.vhdx has data id " + parentId())
                .hasMessageContaining("this disk was made on " + new UUID(1, 2));
        Files.delete(folder.resolve("parent.vhdx"));
        assertThatThrownBy(() -> open(format, folder.resolve("child.vhdx")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("parent.vhdx")
                .hasMessageContaining("is missing; put it beside child.vhdx");
    }

    @Test
    void the_image_of_the_corpus_is_the_disk_it_was_made_of() throws Exception {
        Path packed = corpus("images/own/linux-lvm.vhdx.gz");
        Path image = folder.resolve("linux-lvm.vhdx");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed), 1 << 16)) {
            Files.copy(in, image);
        }
        String truth = Files.readAllLines(corpus("images/own/truth/outputs.txt")).stream()
                .filter(line -> line.endsWith("  linux-lvm.raw"))
                .findFirst()
                .orElseThrow()
                .substring(0, 64);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] part = new byte[1 << 20];
        try (Container disk = open(format, image)) {
            for (long position = 0; position < disk.size(); position += part.length) {
                int length = (int) Math.min(part.length, disk.size() - position);
                disk.read(position, part, 0, length);
                digest.update(part, 0, length);
            }
        }
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(truth);
    }

    @Tag("mutations")
    @Test
    void hostile_images_end_in_content_or_a_named_error() throws Exception {
        byte[] image = image(7);
        byte[] dirty = dirty(image, Files.readAllBytes(folder.resolve("disk7.raw")), 3 * SECTOR);
        Path file = folder.resolve("dirty.vhdx");
        Files.write(file, Arrays.copyOf(dirty, 6 * MEBIBYTE));
        int log = VhdxFiles.logOffset(dirty);
        assertSurvives(
                format,
                file,
                Neighbours.NONE,
                new int[] {0x10000, 0x10050},
                new int[] {0x20000, 0x20050},
                new int[] {0x30000, 0x30060},
                new int[] {log, log + 6 * SECTOR},
                new int[] {log + VhdxFiles.logLength(dirty) - 3 * SECTOR, log + VhdxFiles.logLength(dirty)});
    }

    @Tag("mutations")
    @Test
    void hostile_tables_behind_right_checksums_end_in_content_or_a_named_error() throws Exception {
        run(folder, "qemu-img create -q -f vhdx -o block_size=1M parent.vhdx 8M");
        Path file = folder.resolve("child.vhdx");
        Files.write(file, child(new byte[4 * MEBIBYTE], 512, parentId()));
        assertSurvives(
                format,
                file,
                folder(folder),
                new int[] {2 * MEBIBYTE, 2 * MEBIBYTE + 160},
                new int[] {2 * MEBIBYTE + 0x10000, 2 * MEBIBYTE + 0x10000 + 300},
                new int[] {3 * MEBIBYTE, 3 * MEBIBYTE + 48});
    }
}
