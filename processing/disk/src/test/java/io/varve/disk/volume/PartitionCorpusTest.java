package io.varve.disk.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real disks against what The Sleuth Kit says of them.
@Tag("disks")
class PartitionCorpusTest {
    @TempDir
    Path folder;

    private final Told told = new Told();

    @Test
    void an_extended_partition_with_two_data_entries_in_one_record() throws Exception {
        Path zip = Tool.corpus().resolve("dftt/1-extend-part.zip");
        List<Volume> volumes;
        try (Bytes disk = FileBytes.open(member(zip))) {
            volumes = PartitionTablesTest.read(disk, told).orElseThrow();
        }
        assertThat(Mmls.lines(volumes)).isEqualTo(oracle("dftt/1-extend-part.zip!ext-part-test-2.dd.tsk.mmls.txt"));
        assertThat(volumes.stream().filter(Volume::allocated).map(Volume::name))
                .containsExactly("p1", "p2", "p3", "p5", "p6", "p7");
        assertThat(told.lost).isEmpty();
    }

    @Test
    void partitions_that_start_one_sector_after_their_table() throws Exception {
        try (Bytes disk = FileBytes.open(Tool.corpus().resolve("raw/tsk_volume_system.raw"))) {
            List<Volume> volumes = PartitionTablesTest.read(disk, told).orElseThrow();
            assertThat(Mmls.lines(volumes)).isEqualTo(oracle("raw/tsk_volume_system.raw.tsk.mmls.txt"));
            assertThat(PartitionTablesTest.lines(volumes)).contains("p1 0x83 Linux 1 350", "p5 0x83 Linux 352 2528");
        }
    }

    @Test
    void a_disk_cut_inside_its_partition() throws Exception {
        try (Bytes disk = FileBytes.open(Tool.corpus().resolve("raw/grr_ntfs_img.dd"))) {
            List<Volume> volumes = PartitionTablesTest.read(disk, told).orElseThrow();
            assertThat(PartitionTablesTest.lines(volumes))
                    .containsExactly("gap-0 unallocated 0 63", "p1 0x07 NTFS / exFAT / HPFS 63 4096");
            assertThat(told.lost).hasSize(1).first().asString().contains("ends past the end");
        }
    }

    @Test
    void a_file_system_on_a_whole_disk_is_no_table() throws Exception {
        Path images = Tool.corpus();
        List<Path> whole = Stream.of(
                        "raw/apfs.raw",
                        "raw/hfsplus.raw",
                        "raw/iso9660.raw",
                        "raw/syslog_image.dd",
                        "dftt/5-fat-daylight.zip",
                        "dftt/6-undel-fat.zip",
                        "dftt/7-undel-ntfs.zip",
                        "fat/exfat_win.raw.gz",
                        "fat/fat_deleted_dir.raw.gz",
                        "fat/fat_lfn_test.raw.gz")
                .map(images::resolve)
                .toList();
        for (Path image : whole) {
            try (Bytes disk = FileBytes.open(member(image))) {
                assertThat(PartitionTablesTest.read(disk, told))
                        .as(image.toString())
                        .isEmpty();
            }
        }
        assertThat(told.lost).isEmpty();
    }

    @Test
    void the_gpt_of_an_installed_linux() throws Exception {
        Tool.needs("ewfexport");
        Path image = Tool.corpus().resolve("own/linux-ext4.E01");
        Tool.run(folder, List.of("ewfexport", "-q", "-u", "-f", "raw", "-t", "disk", image.toString()));
        try (Bytes disk = FileBytes.open(folder.resolve("disk.raw"))) {
            List<Volume> volumes = PartitionTablesTest.read(disk, told).orElseThrow();
            assertThat(Mmls.lines(volumes))
                    .isEqualTo(Mmls.volumes(Files.readString(Tool.corpus().resolve("own/truth/linux-ext4.mmls"))));
        }
        assertThat(told.lost).isEmpty();
    }

    @Test
    void the_mbr_of_an_installed_windows() throws Exception {
        Tool.needs("qemu-img");
        Path image = Tool.corpus().resolve("own/windows-ntfs.qcow2");
        Tool.run(folder, List.of("qemu-img", "convert", "-O", "raw", image.toString(), "disk.raw"));
        try (Bytes disk = FileBytes.open(folder.resolve("disk.raw"))) {
            List<Volume> volumes = PartitionTablesTest.read(disk, told).orElseThrow();
            assertThat(Mmls.lines(volumes))
                    .isEqualTo(Mmls.volumes(Files.readString(Tool.corpus().resolve("own/truth/windows-ntfs.mmls"))));
        }
    }

    private static List<String> oracle(String name) throws Exception {
        return Mmls.volumes(
                Files.readString(Tool.corpus().resolveSibling("oracle/images").resolve(name)));
    }

    /// The disk itself, or the one inside an archive.
    private Path member(Path file) throws Exception {
        String name = file.toString();
        if (!name.endsWith(".gz") && !name.endsWith(".zip")) {
            return file;
        }
        Path disk = Files.createTempFile(folder, "disk", ".raw");
        try (InputStream in = Files.newInputStream(file)) {
            if (name.endsWith(".gz")) {
                Files.write(disk, new GZIPInputStream(in).readAllBytes());
                return disk;
            }
            ZipInputStream zip = new ZipInputStream(in);
            ZipEntry entry = zip.getNextEntry();
            while (entry != null && !entry.getName().endsWith(".dd")) {
                entry = zip.getNextEntry();
            }
            try (var out = Files.newOutputStream(disk)) {
                zip.transferTo(out);
            }
            return disk;
        }
    }
}
