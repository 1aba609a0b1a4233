package io.varve.disk.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.volume.Disk.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("disks")
class PartitionTablesTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final Told told = new Told();

    /// The volumes of the first table that takes the device, as the engine asks them.
    static Optional<List<Volume>> read(Bytes device, Told told) throws Exception {
        List<PartitionTable> tables = new ArrayList<>();
        ServiceLoader.load(PartitionTable.class).forEach(tables::add);
        tables.sort(Comparator.comparingInt(PartitionTable::order));
        for (PartitionTable table : tables) {
            Optional<List<Volume>> volumes = table.read(device, told);
            if (volumes.isPresent()) {
                return volumes;
            }
        }
        return Optional.empty();
    }

    private List<String> lines(Disk disk) throws Exception {
        return lines(read(disk.read(), told).orElseThrow());
    }

    /// `name kind first-sector sectors`
    static List<String> lines(List<Volume> volumes) {
        return volumes.stream()
                .map(volume -> "%s %s %d %d"
                        .formatted(
                                volume.name(),
                                volume.kind(),
                                volume.offset() / 512,
                                volume.bytes().size() / 512))
                .toList();
    }

    private static Disk fourPrimariesAndLogicals() {
        return new Disk(8 * MIB)
                .mbr(0, 0, 0x83, 64, 64)
                .mbr(0, 1, 0x05, 2048, 8192)
                .mbr(0, 3, 0x07, 12288, 2048)
                .mbr(2048 * 512, 0, 0x82, 63, 100)
                .mbr(2048 * 512, 1, 0x05, 1000, 500)
                .mbr(3048 * 512, 0, 0x83, 63, 200)
                .mbr(3048 * 512, 1, 0x05, 4000, 500)
                .mbr(6048 * 512, 0, 0x8e, 63, 300);
    }

    @Test
    void numbers_are_those_of_linux_and_gaps_are_listed() throws Exception {
        assertThat(lines(fourPrimariesAndLogicals()))
                .containsExactly(
                        "gap-0 unallocated 0 64",
                        "p1 0x83 Linux 64 64",
                        "gap-65536 unallocated 128 1983",
                        "p5 0x82 Linux swap / Solaris 2111 100",
                        "gap-1132032 unallocated 2211 900",
                        "p6 0x83 Linux 3111 200",
                        "gap-1695232 unallocated 3311 2800",
                        "p7 0x8e Linux LVM 6111 300",
                        "gap-3282432 unallocated 6411 5877",
                        "p4 0x07 NTFS / exFAT / HPFS 12288 2048",
                        "gap-7340032 unallocated 14336 2048");
        assertThat(told.lost).isEmpty();
    }

    /// libblkid, through partx.
    @Test
    void libblkid_sees_the_same_partitions() throws Exception {
        Tool.needs("partx");
        var gpt = new Disk(8 * MIB).gpt(512, new Part(Disk.LINUX, "root", 2048, 4095), new Part(Disk.EFI, "", 40, 99));
        for (Disk disk : List.of(fourPrimariesAndLogicals(), gpt, bsdDisk())) {
            String out = Tool.run(
                    folder,
                    List.of(
                            "partx",
                            "-g",
                            "-r",
                            "-o",
                            "NR,START,SECTORS,TYPE",
                            disk.write(folder.resolve("d")).toString()));
            List<String> theirs = out.lines()
                    .filter(line -> !line.matches(".* 0x(5|f|85|a5)$"))
                    .map(line -> line.replaceAll(" \\S+$", ""))
                    .toList();
            List<String> ours = read(disk.read(), told).orElseThrow().stream()
                    .filter(Volume::allocated)
                    .map(volume -> "%s %d %d"
                            .formatted(
                                    volume.name().substring(1),
                                    volume.offset() / 512,
                                    volume.bytes().size() / 512))
                    .toList();
            assertThat(theirs).isNotEmpty();
            assertThat(ours).containsExactlyInAnyOrderElementsOf(theirs);
        }
    }

    @Test
    void a_chain_that_bites_its_tail_ends() throws Exception {
        Disk disk = fourPrimariesAndLogicals().mbr(6048 * 512, 1, 0x05, 1000, 500);
        assertThat(lines(disk)).hasSize(11);
        assertThat(told.lost).containsExactly("the chain of extended boot records does not end");
    }

    @Test
    void a_broken_link_costs_what_lies_behind_it() throws Exception {
        Disk disk = fourPrimariesAndLogicals();
        disk.bytes[3048 * 512 + 511] = 0;
        assertThat(lines(disk)).anyMatch(line -> line.startsWith("p5 ")).noneMatch(line -> line.startsWith("p6 "));
        assertThat(told.lost).containsExactly("an extended boot record has no signature");
    }

    @Test
    void a_volume_past_the_end_is_cut_and_told() throws Exception {
        Disk disk = new Disk(MIB).mbr(0, 0, 0x83, 1024, 4096).mbr(0, 1, 0x83, 9999, 10);
        assertThat(lines(disk)).containsExactly("gap-0 unallocated 0 1024", "p1 0x83 Linux 1024 1024");
        assertThat(told.lost)
                .containsExactly(
                        "p1 (0x83 Linux, 2097152 bytes at offset 524288) ends past the end of the device of 1048576 bytes",
                        "p2 (0x83 Linux, 5120 bytes at offset 5119488) starts past the end of the device of 1048576 bytes");
    }

    private static Disk bsdDisk() {
        return new Disk(8 * MIB)
                .mbr(0, 0, 0xa5, 63, 8000)
                .mbr(0, 1, 0x83, 10000, 1000)
                .bsd(63 * 512, new int[] {16, 1000, 7}, new int[] {1016, 500, 1}, new int[] {0, 8000, 0}, new int[] {
                    2000, 6000, 7
                });
    }

    @Test
    void a_disklabel_replaces_the_partition_it_divides() throws Exception {
        assertThat(lines(bsdDisk()))
                .containsExactly(
                        "gap-0 unallocated 0 79",
                        "p5 BSD 4.2BSD (a) 79 1000",
                        "p6 BSD swap (b) 1079 500",
                        "gap-808448 unallocated 1579 484",
                        "p7 BSD 4.2BSD (d) 2063 6000",
                        "gap-4128256 unallocated 8063 1937",
                        "p2 0x83 Linux 10000 1000",
                        "gap-5632000 unallocated 11000 5384");
    }

    @Test
    void an_mbr_of_large_sectors_is_told_by_what_lies_there() throws Exception {
        Disk disk = new Disk(8 * MIB).mbr(0, 0, 0x83, 256, 512);
        disk.little(256 * 4096 + 1080).putShort((short) 0xef53);
        assertThat(lines(disk)).contains("p1 0x83 Linux 2048 4096");
    }

    /// What GRUB leaves when it is written over the boot sector of a former FAT file system.
    @Test
    void a_table_behind_the_remains_of_fat_is_told_by_where_it_leads() throws Exception {
        Disk disk = new Disk(8 * MIB).mbr(0, 0, 0x83, 2048, 4096);
        disk.little(0)
                .put(new byte[] {(byte) 0xeb, 0x63, (byte) 0x90})
                .putShort(11, (short) 512)
                .put(13, (byte) 4);
        disk.little(0)
                .putShort(14, (short) 1)
                .put(16, (byte) 2)
                .putShort(19, (short) 9999)
                .put(21, (byte) 0xf8);
        assertThat(read(disk.read(), told)).isEmpty();
        disk.little(2048 * 512 + 1080).putShort((short) 0xef53);
        assertThat(lines(disk)).contains("p1 0x83 Linux 2048 4096");
    }

    @Test
    void gpt_in_sectors_of_512_and_4096_bytes() throws Exception {
        for (int sector : new int[] {512, 4096}) {
            Disk disk = new Disk(8 * MIB)
                    .gpt(sector, new Part(Disk.EFI, "", 64, 127), new Part(Disk.LINUX, "Größe", 256, 511));
            int factor = sector / 512;
            assertThat(lines(disk))
                    .contains(
                            "p1 EFI system %d %d".formatted(64 * factor, 64 * factor),
                            "p2 Linux filesystem data 'Größe' %d %d".formatted(256 * factor, 256 * factor))
                    .hasSize(5);
        }
        assertThat(told.lost).isEmpty();
        assertThat(told.notes).isEmpty();
    }

    @Test
    void the_backup_is_read_when_the_primary_is_damaged_or_wiped() throws Exception {
        for (int wiped : new int[] {512, 1024, 0}) {
            Disk disk = new Disk(8 * MIB).gpt(512, new Part(Disk.LINUX, "", 2048, 4095));
            Arrays.fill(disk.bytes, wiped, wiped + 512, (byte) 0);
            Told fresh = new Told();
            assertThat(lines(read(disk.read(), fresh).orElseThrow())).contains("p1 Linux filesystem data 2048 2048");
            assertThat(fresh.notes).hasSize(wiped == 0 ? 0 : 1).allMatch(note -> note.contains("backup"));
        }
    }

    @Test
    void a_table_damaged_in_both_copies_is_read_and_told() throws Exception {
        Disk disk = new Disk(8 * MIB).gpt(512, new Part(Disk.LINUX, "", 2048, 4095));
        disk.bytes[1024 + 56] ^= 1;
        disk.bytes[disk.bytes.length - 33 * 512 + 56] ^= 1;
        assertThat(lines(disk)).anyMatch(line -> line.startsWith("p1 Linux filesystem data"));
        assertThat(told.lost).hasSize(1).first().asString().contains("checksum");
    }

    @Test
    void a_gpt_older_than_the_mbr_is_only_noted() throws Exception {
        Disk disk =
                new Disk(8 * MIB).gpt(512, new Part(Disk.LINUX, "", 2048, 4095)).mbr(0, 0, 0x83, 100, 200);
        assertThat(lines(disk)).contains("p1 0x83 Linux 100 200");
        assertThat(told.notes).hasSize(1).first().asString().contains("GPT is left");
    }

    @Test
    void gpt_without_headers_is_told() throws Exception {
        Disk disk = new Disk(8 * MIB).mbr(0, 0, 0xee, 1, 16383);
        assertThat(lines(disk)).contains("p1 0xee GPT protective 1 16383");
        assertThat(told.lost).hasSize(1).first().asString().contains("neither of its headers");
    }

    @Test
    void apple_partition_map() throws Exception {
        for (int block : new int[] {512, 2048}) {
            Disk disk = new Disk(8 * MIB)
                    .apple(
                            block,
                            new Part("Apple_HFS", "disk image", 64, 1023),
                            new Part("Apple_Free", "", 1024, 2047));
            int factor = block / 512;
            assertThat(lines(disk))
                    .containsExactly(
                            "gap-0 unallocated 0 " + factor,
                            "p1 Apple_partition_map 'Apple' %d %d".formatted(factor, 63 * factor),
                            "p2 Apple_HFS 'disk image' %d %d".formatted(64 * factor, 960 * factor),
                            "p3 Apple_Free %d %d".formatted(1024 * factor, 1024 * factor),
                            "gap-%d unallocated %d %d"
                                    .formatted(2048 * block, 2048 * factor, disk.bytes.length / 512 - 2048 * factor));
            if (block == 512) {
                sameAsMmls(disk, "mac");
            }
        }
    }

    private void sameAsMmls(Disk disk, String type) throws Exception {
        Tool.needs("mmls");
        String out = Tool.run(
                folder,
                List.of("mmls", "-t", type, disk.write(folder.resolve("d")).toString()));
        List<String> theirs = Mmls.volumes(out);
        assertThat(Mmls.lines(read(disk.read(), told).orElseThrow()))
                .extracting(PartitionTablesTest::place)
                .containsAll(theirs.stream().map(PartitionTablesTest::place).toList());
    }

    /// Without the last word: mmls takes Apple_Free for allocated.
    private static String place(String line) {
        return line.substring(0, line.lastIndexOf(' '));
    }
}
