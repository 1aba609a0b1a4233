package io.varve.disk.container.vhd;

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

import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Neighbours;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class VhdTest {
    private static final int SIZE = 9 * 1024 * 1024 + 1536;
    private static final int BLOCK = 2 << 20;

    @TempDir
    Path folder;

    private final Vhd format = new Vhd();

    @ParameterizedTest
    @ValueSource(strings = {"dynamic", "fixed", "dynamic,force_size=on", "fixed,force_size=on"})
    void a_converted_disk_is_the_same_bit_by_bit(String subformat) throws Exception {
        Path raw = disk(folder, SIZE, 1);
        run(folder, "qemu-img convert -O vpc -o subformat=%s %s a.vhd".formatted(subformat, raw));
        run(folder, "qemu-img convert -f vpc -O raw a.vhd truth.raw");
        try (Container disk = open(format, folder.resolve("a.vhd"))) {
            assertSame(disk, folder.resolve("truth.raw"));
            assertThat(disk.format()).isEqualTo("VHD " + subformat.replace(",force_size=on", ""));
            assertThat(disk.notes()).isEmpty();
            if (subformat.endsWith("force_size=on")) {
                assertSame(disk, raw);
            }
        }
    }

    @Test
    void blocks_not_stored_are_told_to_be_zero() throws Exception {
        run(folder, "qemu-img create -q -f vpc -o force_size=on a.vhd 100G");
        run(folder, "qemu-io", "-f", "vpc", "-c", "write -P 7 50G 64k", "a.vhd");
        try (Container disk = open(format, folder.resolve("a.vhd"))) {
            assertThat(zeros(disk)).isEqualTo((100L << 30) - BLOCK);
        }
    }

    @Test
    void the_copy_serves_where_the_footer_is_damaged_or_cut_off() throws Exception {
        Path raw = disk(folder, SIZE, 2);
        run(folder, "qemu-img convert -O vpc -o subformat=dynamic,force_size=on %s a.vhd".formatted(raw));
        byte[] whole = Files.readAllBytes(folder.resolve("a.vhd"));
        byte[] damaged = whole.clone();
        damaged[whole.length - 512 + 50] ^= 1;
        for (byte[] image : new byte[][] {damaged, Arrays.copyOf(whole, whole.length - 512)}) {
            Files.write(folder.resolve("b.vhd"), image);
            try (Container disk = open(format, folder.resolve("b.vhd"))) {
                assertSame(disk, raw);
                assertThat(disk.notes())
                        .containsExactly("the footer is damaged or missing; its copy at the start was read");
            }
        }
    }

    /// Makes `child.vhd` of a dynamic disk: its stored sectors with odd numbers are its own, all others the parent's.
    /// Returns what the disk then is. No tool here writes differencing disks.
    private byte[] differencing(byte[] parent, String locatorName, int platform) throws Exception {
        byte[] changed = Files.readAllBytes(disk(folder, SIZE, 4));
        run(folder, "qemu-img convert -O vpc -o subformat=dynamic,force_size=on disk4.raw child.vhd");
        byte[] image = Files.readAllBytes(folder.resolve("child.vhd"));
        ByteBuffer child = ByteBuffer.allocate(image.length + 1024).put(image, 0, image.length - 512);
        int header = (int) child.getLong(16);
        int table = (int) child.getLong(header + 16);
        byte[] content = Files.readAllBytes(folder.resolve("parent.raw"));
        for (int block = 0; block * BLOCK < SIZE; block++) {
            int stored = child.getInt(table + block * 4);
            for (int sector = 0; stored != -1 && sector < BLOCK / 512; sector += 2) {
                int at = block * BLOCK + (sector + 1) * 512;
                if (at < SIZE) {
                    System.arraycopy(changed, at, content, at, 512);
                }
            }
            if (stored != -1) {
                byte[] bitmap = new byte[512];
                Arrays.fill(bitmap, (byte) 0x55);
                child.put(stored * 512, bitmap);
            }
        }
        byte[] name = locatorName.getBytes(platform == 0x4d616358 ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16LE);
        int locator = image.length - 512;
        child.put(locator, name);
        child.putInt(header + 576, platform).putInt(header + 576 + 4, 512).putInt(header + 576 + 8, name.length);
        child.putLong(header + 576 + 16, locator);
        child.put(header + 40, parent, parent.length - 512 + 68, 16);
        signed(child, header, 1024, 36);
        child.putInt(60, 4);
        signed(child, 0, 512, 64);
        child.put(locator + 512, child.array(), 0, 512);
        Files.write(folder.resolve("child.vhd"), Arrays.copyOf(child.array(), locator + 1024));
        return content;
    }

    private static void signed(ByteBuffer image, int start, int length, int field) {
        image.putInt(start + field, 0);
        int sum = 0;
        for (int i = start; i < start + length; i++) {
            sum += image.get(i) & 0xff;
        }
        image.putInt(start + field, ~sum);
    }

    private byte[] parent() throws Exception {
        disk(folder, SIZE, 3);
        Files.move(folder.resolve("disk3.raw"), folder.resolve("parent.raw"));
        run(folder, "qemu-img convert -O vpc -o subformat=dynamic,force_size=on parent.raw Basis-Ü.vhd");
        return Files.readAllBytes(folder.resolve("Basis-Ü.vhd"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x57327275, 0x57326b75, 0x4d616358})
    void a_differencing_disk_reads_through_to_its_parent(int platform) throws Exception {
        String path =
                platform == 0x4d616358 ? "file://localhost/Volumes/Ä/Basis-Ü.vhd" : "..\\Virtuelle PCs\\Basis-Ü.vhd";
        byte[] truth = differencing(parent(), path, platform);
        Files.write(folder.resolve("truth.raw"), truth);
        try (Container disk = open(format, folder.resolve("child.vhd"))) {
            assertSame(disk, folder.resolve("truth.raw"));
            assertThat(disk.format()).isEqualTo("VHD differencing");
            assertThat(disk.notes()).hasSize(1).allMatch(note -> note.startsWith("parent: "));
        }
    }

    @Test
    void a_parent_that_is_missing_or_another_disk_is_named() throws Exception {
        byte[] parent = parent();
        differencing(parent, ".\\Basis-Ü.vhd", 0x57327275);
        parent[parent.length - 512 + 70] ^= 1;
        ByteBuffer other = ByteBuffer.wrap(parent);
        signed(other, parent.length - 512, 512, 64);
        Files.write(folder.resolve("Basis-Ü.vhd"), parent);
        String id = HexFormat.of().formatHex(parent, parent.length - 512 + 68, parent.length - 512 + 84);
        assertThatThrownBy(() -> open(format, folder.resolve("child.vhd")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the parent Basis-Ü.vhd has the unique id " + id);
        Files.delete(folder.resolve("Basis-Ü.vhd"));
        assertThatThrownBy(() -> open(format, folder.resolve("child.vhd")))
                .isInstanceOf(LayerException.class)
                .hasMessage("VHD: the parent .\\Basis-Ü.vhd or Basis-Ü.vhd is missing; put it beside child.vhd");
    }

    @Test
    void images_of_the_corpus_are_what_libvhdi_reads() throws Exception {
        Path file = corpus("images/vhd/image.vhd");
        run(folder, "sh", "-c", "img_cat %s > truth.raw".formatted(file));
        try (Container disk = open(format, file);
                Container differencing = open(format, corpus("images/vhd/image-differential.vhd"))) {
            assertSame(disk, folder.resolve("truth.raw"));
            assertThat(disk.notes()).containsExactly("the checksum of the footer does not match");
            assertSame(differencing, folder.resolve("truth.raw"));
        }
    }

    @Tag("mutations")
    @Test
    void hostile_images_end_in_content_or_a_named_error() throws Exception {
        differencing(parent(), ".\\Basis-Ü.vhd", 0x57327275);
        Path child = folder.resolve("child.vhd");
        try (RandomAccessFile file = new RandomAccessFile(child.toFile(), "rw")) {
            file.setLength(Math.min(file.length(), 3 << 20));
        }
        int[] tables = {0, 2048};
        assertSurvives(format, child, folder(folder), tables, new int[] {1536, 1600}, new int[] {0, 3 << 20});
        run(folder, "qemu-img create -q -f vpc -o subformat=fixed,force_size=on fixed.vhd 1M");
        assertSurvives(format, folder.resolve("fixed.vhd"), Neighbours.NONE, new int[] {1 << 20, (1 << 20) + 512});
    }
}
