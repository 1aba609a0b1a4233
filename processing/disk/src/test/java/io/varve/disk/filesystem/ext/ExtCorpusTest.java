package io.varve.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.Slice;
import io.varve.disk.filesystem.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that others made, against what The Sleuth Kit said of them.
@Tag("disks")
class ExtCorpusTest {
    private static final Path CORPUS = Path.of(System.getProperty("varve.corpus", "none"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"raw/syslog_image.dd", "qcow2/ext2.qcow2", "qcow2/plaso_image.qcow2"})
    void namesAndContentsAreThoseTheSleuthKitFound(String name) throws IOException {
        Path image = present(CORPUS.resolve("images").resolve(name));
        Path truth = CORPUS.resolve("oracle/images");
        Path body = present(truth.resolve(name + ".tsk.0.body.txt"));
        ExtImage.assumeTools("qemu-img");
        Path raw = folder.resolve("raw");
        ExtImage.run("qemu-img", "convert", "-O", "raw", image.toString(), raw.toString());
        Map<String, String> sums = new HashMap<>();
        TreeSet<String> found = names(raw, 0, Long.MAX_VALUE, sums);
        assertThat(found).isEqualTo(SleuthKit.names(Files.readAllBytes(body)));
        for (String line : Files.readAllLines(truth.resolve(name + ".tsk.0.md5.txt"))) {
            String[] parts = line.split("\t");
            assertThat(sums).containsEntry("/" + parts[2], parts[0]);
        }
    }

    @Test
    void aLinuxServerIsReadWhole() throws IOException {
        Path image = present(CORPUS.resolve("images/own/linux-ext4.E01"));
        ExtImage.assumeTools("ewfexport");
        ExtImage.run(
                "ewfexport",
                "-q",
                "-u",
                "-f",
                "raw",
                "-t",
                folder.resolve("raw").toString(),
                image.toString());
        Map<String, String> sums = new HashMap<>();
        TreeSet<String> found = names(folder.resolve("raw.raw"), 71_680 * 512L, 167_936 * 512L, sums);
        byte[] truth = Files.readAllBytes(CORPUS.resolve("images/own/truth/linux-ext4.body"));
        assertThat(found).isEqualTo(SleuthKit.names(truth));
    }

    private static TreeSet<String> names(Path raw, long start, long size, Map<String, String> sums) throws IOException {
        var found = new TreeSet<String>();
        var walk = new ExtWalk();
        try (FileBytes bytes = FileBytes.follow(raw);
                FileSystem fileSystem = new ExtFormat()
                        .open(new Slice(bytes, start, Math.min(size, bytes.size() - start)))
                        .getFirst()) {
            walk.walk(fileSystem, (path, node) -> {
                found.add(ExtWalk.body(path, node));
                if (node.allocated() && node.type() == Type.FILE) {
                    sums.put(path, ExtFormsTest.md5(node));
                }
            });
        }
        assertThat(walk.lost).isEmpty();
        return found;
    }

    private static Path present(Path path) {
        assumeTrue(Files.exists(path), "no corpus at " + CORPUS);
        return path;
    }
}
