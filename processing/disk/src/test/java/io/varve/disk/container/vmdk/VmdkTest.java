package io.varve.disk.container.vmdk;

import static io.varve.disk.container.VirtualDisks.assertSame;
import static io.varve.disk.container.VirtualDisks.assertSameAt;
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
import io.varve.disk.container.Neighbours;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class VmdkTest {
    private static final int SIZE = 9 * 1024 * 1024 + 1536;

    @TempDir
    Path folder;

    private final Vmdk format = new Vmdk();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "monolithicSparse",
                "monolithicFlat",
                "twoGbMaxExtentSparse",
                "twoGbMaxExtentFlat",
                "streamOptimized",
                "monolithicSparse,zeroed_grain=on"
            })
    void a_converted_disk_is_the_same_bit_by_bit(String subformat) throws Exception {
        Path raw = disk(folder, SIZE, 1);
        run(folder, "qemu-img convert -O vmdk -o subformat=%s %s a.vmdk".formatted(subformat, raw));
        try (Container disk = open(format, folder.resolve("a.vmdk"))) {
            assertSame(disk, raw);
            assertThat(disk.format()).isEqualTo("VMDK " + subformat.replace(",zeroed_grain=on", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"twoGbMaxExtentSparse", "twoGbMaxExtentFlat"})
    void a_disk_in_several_extents_is_one_disk(String subformat) throws Exception {
        long gigabyte = 1L << 30;
        run(folder, "qemu-img create -q -f raw big.raw 4608M");
        for (String at : new String[] {"0", "2047M", "4300M"}) {
            run(folder, "qemu-io", "-f", "raw", "-c", "write -P 5 %s 1536k".formatted(at), "big.raw");
        }
        run(folder, "qemu-img convert -O vmdk -o subformat=%s big.raw a.vmdk".formatted(subformat));
        try (Container disk = open(format, folder.resolve("a.vmdk"))) {
            assertSameAt(disk, folder.resolve("big.raw"), 0, gigabyte, 2 * gigabyte - (1 << 20), 2 * gigabyte - 7);
            assertSameAt(disk, folder.resolve("big.raw"), 2 * gigabyte, 4299L << 20, 4301L << 20, 4607L << 20);
            if (subformat.endsWith("Sparse")) {
                assertThat(zeros(disk)).isBetween((4608L << 20) - (5 << 20), (4608L << 20) - (4 << 20));
            }
        }
        String second = subformat.endsWith("Sparse") ? "a-s002.vmdk" : "a-f002.vmdk";
        Files.delete(folder.resolve(second));
        assertThatThrownBy(() -> open(format, folder.resolve("a.vmdk")))
                .isInstanceOf(LayerException.class)
                .hasMessage("VMDK: the extent %s is missing; put it beside a.vmdk".formatted(second));
    }

    private void write(String image, String... commands) throws Exception {
        for (String command : commands) {
            run(folder, "qemu-io", "-f", "vmdk", "-c", command, image);
        }
    }

    private Path judged(String image) throws Exception {
        run(folder, "qemu-img convert -O raw %s %s.raw".formatted(image, image));
        return folder.resolve(image + ".raw");
    }

    @Test
    void a_chain_of_snapshots_is_read_through_to_its_base() throws Exception {
        Path raw = disk(folder, SIZE, 2);
        run(folder, "qemu-img convert -O vmdk -o subformat=monolithicFlat %s base.vmdk".formatted(raw));
        run(folder, "qemu-img create -q -f vmdk -b base.vmdk -F vmdk one.vmdk");
        write("one.vmdk", "write -P 1 100k 300k", "write -P 2 5M 1M");
        run(folder, "qemu-img create -q -f vmdk -b one.vmdk -F vmdk -o zeroed_grain=on two.vmdk");
        write("two.vmdk", "write -P 3 4M 5k", "write -z 5M 64k");
        for (String image : new String[] {"one.vmdk", "two.vmdk"}) {
            try (Container disk = open(format, folder.resolve(image))) {
                assertSame(disk, judged(image));
            }
        }
    }

    @Test
    void a_parent_that_is_missing_or_was_changed_is_named() throws Exception {
        run(folder, "qemu-img create -q -f vmdk base.vmdk 1M");
        run(folder, "qemu-img create -q -f vmdk -b base.vmdk -F vmdk one.vmdk");
        open(format, folder.resolve("one.vmdk")).close();
        long changed = changeContentId("base.vmdk");
        assertThatThrownBy(() -> open(format, folder.resolve("one.vmdk")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the parent base.vmdk has content id %08x", changed);
        Files.delete(folder.resolve("base.vmdk"));
        assertThatThrownBy(() -> open(format, folder.resolve("one.vmdk")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the parent base.vmdk is missing; put it beside one.vmdk");
    }

    /// Answers the new one. QEMU draws it, and writes it without leading zeros.
    private long changeContentId(String image) throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve(image));
        Matcher id = Pattern.compile("\nCID=(\\p{XDigit}+)").matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        assertThat(id.find()).isTrue();
        bytes[id.start(1)] = (byte) (bytes[id.start(1)] == '1' ? '2' : '1');
        Files.write(folder.resolve(image), bytes);
        return Long.parseLong(new String(bytes, id.start(1), id.end(1) - id.start(1), StandardCharsets.ISO_8859_1), 16);
    }

    @Test
    void a_snapshot_that_names_itself_is_refused() throws Exception {
        run(folder, "qemu-img create -q -f vmdk base.vmdk 1M");
        run(folder, "qemu-img create -q -f vmdk -b base.vmdk -F vmdk one.vmdk");
        Files.move(folder.resolve("one.vmdk"), folder.resolve("base.vmdk"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> open(format, folder.resolve("base.vmdk")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("base.vmdk and base.vmdk stand on each other");
    }

    @Test
    void the_redundant_directory_serves_where_the_first_is_damaged() throws Exception {
        Path raw = disk(folder, SIZE, 3);
        run(folder, "qemu-img convert -O vmdk %s a.vmdk".formatted(raw));
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("a.vmdk").toFile(), "rw")) {
            file.seek(56);
            file.write(new byte[] {-1, -1, -1, 0, 0, 0, 0, 0});
        }
        try (Container disk = open(format, folder.resolve("a.vmdk"))) {
            assertSame(disk, raw);
        }
    }

    /// QEMU writes the directory of a stream first, VMware last: makes the one the other.
    private void moveDirectoryToFooter(String image) throws Exception {
        byte[] first = Files.readAllBytes(folder.resolve(image));
        byte[] last = new byte[3 * 512];
        last[0] = 1;
        last[12] = 3;
        System.arraycopy(first, 0, last, 512, 512);
        Arrays.fill(first, 56, 64, (byte) -1);
        Files.write(folder.resolve(image), first);
        Files.write(folder.resolve(image), last, StandardOpenOption.APPEND);
    }

    @Test
    void a_stream_with_its_directory_in_the_footer_is_read() throws Exception {
        Path raw = disk(folder, SIZE, 7);
        run(folder, "qemu-img convert -O vmdk -o subformat=streamOptimized %s a.vmdk".formatted(raw));
        moveDirectoryToFooter("a.vmdk");
        try (Container disk = open(format, folder.resolve("a.vmdk"))) {
            assertSame(disk, judged("a.vmdk"));
            assertSame(disk, raw);
            assertThat(disk.notes()).isEmpty();
        }
    }

    @Test
    void a_cut_stream_is_read_as_far_as_it_goes() throws Exception {
        Path raw = disk(folder, SIZE, 4);
        run(folder, "qemu-img convert -O vmdk -o subformat=streamOptimized %s a.vmdk".formatted(raw));
        moveDirectoryToFooter("a.vmdk");
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("a.vmdk").toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        try (Container disk = open(format, folder.resolve("a.vmdk"))) {
            assertThat(disk.notes()).anyMatch(note -> note.startsWith("the image is cut"));
            byte[] whole = Files.readAllBytes(raw);
            byte[] part = new byte[2 << 20];
            disk.read(0, part, 0, part.length);
            assertThat(part).isEqualTo(Arrays.copyOf(whole, part.length));
            assertThatThrownBy(() -> disk.read(SIZE - 512, part, 0, 512))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("is not in the image, which is cut");
        }
    }

    @Test
    void extents_of_zero_and_raw_devices_are_told_apart() throws Exception {
        Path raw = disk(folder, 1 << 20, 5);
        describe("mixed.vmdk", "RW 2048 ZERO", "RW 1024 FLAT \"%s\" 1024".formatted(raw.getFileName()), "RW 8 ZERO");
        byte[] expected = new byte[(2048 + 1024 + 8) * 512];
        System.arraycopy(Files.readAllBytes(raw), 1024 * 512, expected, 2048 * 512, 1024 * 512);
        Files.write(folder.resolve("mixed.raw"), expected);
        try (Container disk = open(format, folder.resolve("mixed.vmdk"))) {
            assertSame(disk, folder.resolve("mixed.raw"));
            assertThat(disk.zeros(0)).isEqualTo(1 << 20);
        }
        describe("device.vmdk", "RW 2048 VMFSRDM \"vm-rdm.vmdk\"");
        assertThatThrownBy(() -> open(format, folder.resolve("device.vmdk")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the extent vm-rdm.vmdk is of kind VMFSRDM");
    }

    private void describe(String name, String... extents) throws Exception {
        Files.writeString(folder.resolve(name), """
            # Disk DescriptorFile
            version=1
            encoding="UTF-8"
            CID=fffffffe
            parentCID=ffffffff
            createType="vmfsSparse"

            # Extent description
            %s

            # The Disk Data Base
            ddb.adapterType = "lsilogic"
            """.formatted(String.join("\n", extents)));
    }

    @Test
    void the_sparse_extents_of_esx_are_read_as_qemu_reads_them() throws Exception {
        byte[] content = Files.readAllBytes(disk(folder, SIZE, 6));
        Files.write(folder.resolve("x-delta.vmdk"), EsxExtents.cowd(content));
        Files.write(folder.resolve("x-sesparse.vmdk"), EsxExtents.seSparse(content));
        describe("cowd.vmdk", "RW %d VMFSSPARSE \"x-delta.vmdk\"".formatted(SIZE / 512));
        describe("sesparse.vmdk", "RW %d SESPARSE \"x-sesparse.vmdk\"".formatted(SIZE / 512));
        for (String image : new String[] {"cowd.vmdk", "sesparse.vmdk"}) {
            try (Container disk = open(format, folder.resolve(image))) {
                assertSame(disk, folder.resolve("disk6.raw"));
                assertSame(disk, judged(image));
                assertThat(zeros(disk)).isGreaterThan(1 << 20);
            }
        }
        try (Container disk = open(format, folder.resolve("x-sesparse.vmdk"))) {
            assertSame(disk, folder.resolve("disk6.raw"));
            assertThat(disk.notes()).anyMatch(note -> note.startsWith("an extent without a descriptor"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"images/vmdk/ext2.vmdk", "images/vmdk/plaso_image.vmdk", "images/own/linux-xfs.stream.vmdk"})
    void images_of_the_corpus_are_what_qemu_reads(String image) throws Exception {
        Path file = corpus(image);
        run(folder, "qemu-img convert -O raw %s truth.raw".formatted(file));
        try (Container disk = open(format, file)) {
            assertSame(disk, folder.resolve("truth.raw"));
        }
    }

    @Tag("mutations")
    @ParameterizedTest
    @ValueSource(strings = {"monolithicSparse", "streamOptimized"})
    void hostile_images_end_in_content_or_a_named_error(String subformat) throws Exception {
        Path raw = disk(folder, 1 << 20, 9);
        run(folder, "qemu-img convert -O vmdk -o subformat=%s %s a.vmdk".formatted(subformat, raw));
        int length = (int) Files.size(folder.resolve("a.vmdk"));
        int[] end = {length - 3000, length};
        assertSurvives(
                format,
                folder.resolve("a.vmdk"),
                Neighbours.NONE,
                new int[] {0, 80},
                new int[] {512, 1024},
                end,
                new int[] {0, length});
    }

    @Tag("mutations")
    @Test
    void hostile_descriptors_and_extents_of_esx_end_in_content_or_a_named_error() throws Exception {
        byte[] content = Files.readAllBytes(disk(folder, 1 << 20, 10));
        Files.write(folder.resolve("x-delta.vmdk"), EsxExtents.cowd(content));
        Files.write(folder.resolve("x-sesparse.vmdk"), EsxExtents.seSparse(content));
        describe("a.vmdk", "RW 1024 VMFSSPARSE \"x-delta.vmdk\"", "RW 1024 SESPARSE \"x-sesparse.vmdk\"");
        Neighbours beside = folder(folder);
        assertSurvives(
                format, folder.resolve("a.vmdk"), beside, new int[] {0, (int) Files.size(folder.resolve("a.vmdk"))});
        assertSurvives(format, folder.resolve("x-delta.vmdk"), beside, new int[] {0, 40}, new int[] {2048, 4096});
        assertSurvives(format, folder.resolve("x-sesparse.vmdk"), beside, new int[] {0, 208}, new int[] {512, 8192});
    }
}
