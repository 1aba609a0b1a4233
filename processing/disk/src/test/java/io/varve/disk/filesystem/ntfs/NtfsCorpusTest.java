package io.varve.disk.filesystem.ntfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.Slice;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every name, time, size and content that The Sleuth Kit reports of the NTFS volumes in the corpus.
@Tag("disks")
class NtfsCorpusTest {
    @TempDir
    Path scratch;

    private static Path corpus() {
        String corpus = System.getProperty("varve.corpus", "");
        assumeTrue(!corpus.isEmpty() && Files.isDirectory(Path.of(corpus, "images")), "no corpus");
        return Path.of(corpus);
    }

    private Path raw(String qcow2) throws Exception {
        Path raw = scratch.resolve("volume.raw");
        Shell.need("qemu-img");
        Shell.run(
                "qemu-img",
                "convert",
                "-O",
                "raw",
                corpus().resolve("images").resolve(qcow2).toString(),
                raw.toString());
        return raw;
    }

    private static void compare(Bytes volume, String truth) throws Exception {
        assertThat(new Ntfs().claims(volume)).isTrue();
        Walked walked = Walked.of(new Ntfs().open(volume).getFirst());
        Path oracle = corpus().resolve("oracle/images");
        assertThat(BodyFile.differences(oracle.resolve(truth + ".body.txt"), walked))
                .isEmpty();
        assertThat(walked.problems).isEmpty();
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(oracle.resolve(truth + ".md5.txt"), StandardCharsets.UTF_8)) {
            String[] fields = line.split("\t");
            boolean same = false;
            List<String> ours = new ArrayList<>();
            for (Walked.Found found : walked.paths.getOrDefault("/" + fields[2], List.of())) {
                ours.add(found.md5());
                same |= ours.getLast().equals(fields[0]);
            }
            if (!same) {
                wrong.add(line + " ours " + ours);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_volume_with_shadow_copies() throws Exception {
        try (Bytes volume = FileBytes.open(raw("qcow2/vsstest.qcow2"))) {
            compare(volume, "qcow2/vsstest.qcow2.tsk.0");
        }
    }

    @Test
    void a_volume_of_windows() throws Exception {
        try (Bytes volume = FileBytes.open(raw("qcow2/windows_volume.qcow2"))) {
            compare(volume, "qcow2/windows_volume.qcow2.tsk.0");
        }
    }

    @Test
    void streams_of_files_and_folders() throws Exception {
        try (Bytes disk = FileBytes.open(corpus().resolve("images/raw/grr_ntfs_img.dd"))) {
            compare(new Slice(disk, 63 * 512L, disk.size() - 63 * 512L), "raw/grr_ntfs_img.dd.tsk.63");
        }
    }

    @Test
    void deleted_files_and_folders() throws Exception {
        byte[] image = new byte[0];
        try (InputStream in = Files.newInputStream(corpus().resolve("images/dftt/7-undel-ntfs.zip"));
                var zip = new ZipInputStream(in)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                image = entry.getName().endsWith("7-ntfs-undel.dd") ? zip.readAllBytes() : image;
            }
        }
        compare(Bytes.of(image), "dftt/7-undel-ntfs.zip!7-ntfs-undel.dd.tsk.0");
    }

    @Test
    void a_volume_of_known_files_with_deleted_ones_recovered() throws Exception {
        Path truth = corpus().resolve("images/own/truth");
        try (Bytes disk = FileBytes.open(raw("own/windows-ntfs.qcow2"))) {
            Bytes volume = new Slice(disk, 2048 * 512L, 108_544 * 512L);
            Walked walked = Walked.of(new Ntfs().open(volume).getFirst());
            assertThat(BodyFile.differences(truth.resolve("windows-ntfs.body"), walked))
                    .isEmpty();
            for (String line : Files.readAllLines(truth.resolve("windows-tree.tsv.md5"), StandardCharsets.UTF_8)) {
                String path = line.substring(line.indexOf("./") + 1);
                assertThat(walked.one(path).md5()).as(path).isEqualTo(line.substring(0, 32));
            }
            for (String line : Files.readAllLines(truth.resolve("ntfs-deleted.md5"), StandardCharsets.UTF_8)) {
                Walked.Found found = walked.one(line.substring(34));
                assertThat(found.node().allocated()).isFalse();
                assertThat(found.md5()).isEqualTo(line.substring(0, 32));
            }
            for (String line : Files.readAllLines(truth.resolve("ntfs-set-times.tsv"), StandardCharsets.UTF_8)) {
                String[] fields = line.split("\t");
                var times = walked.one(fields[0]).node().times();
                assertThat(times.created()).isEqualTo(FileTime.of(Long.parseLong(fields[1])));
                assertThat(times.modified()).isEqualTo(FileTime.of(Long.parseLong(fields[2])));
                assertThat(times.accessed()).isEqualTo(FileTime.of(Long.parseLong(fields[3])));
            }
        }
    }
}
