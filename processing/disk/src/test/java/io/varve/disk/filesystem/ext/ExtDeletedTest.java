package io.varve.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names, files and folders that were deleted.
@Tag("disks")
class ExtDeletedTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void tools() {
        ExtImage.assumeTools("mke2fs", "debugfs", "fls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext2 -b 1024 -I 128",
                "-t ext3 -b 1024 -I 128",
                "-t ext4 -b 4096",
                "-t ext4 -b 1024 -O ^dir_index"
            })
    void deletedNamesAndOrphansAreThoseTheSleuthKitShows(String options) throws Exception {
        Path source = tree();
        String[] form = (options + " -d " + source).split(" ");
        ExtImage made = ExtImage.empty(folder, "8", form)
                .debugfs(
                        "rm /f3.txt",
                        "rm /f4.txt",
                        "rm /f7.txt",
                        "rm /sub/a-long-name-that-leaves-a-gap.txt",
                        "rm /sub/last")
                .debugfs("unlink /f9.txt", "freei /f12.txt", "unlink /f12.txt")
                .debugfs("rm /gone/inside1", "rm /gone/inside2", "rmdir /gone");
        var found = new TreeSet<String>();
        Map<String, Node> nodes = new TreeMap<>();
        var walk = new ExtWalk();
        try (FileBytes bytes = made.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            walk.walk(fileSystem, (path, node) -> {
                nodes.put(path, node);
                if (node.allocated() || !(node instanceof ExtNode ext) || ext.state != ExtNode.State.REUSED) {
                    found.add(ExtWalk.body(path, node));
                }
            });
            assertThat(walk.lost).isEmpty();
            long nameless = nodes.values().stream()
                    .filter(node -> node.name().startsWith("OrphanFile-") && node.allocated())
                    .count();
            assertThat(nameless)
                    .as("f9.txt has lost its name and is still in use")
                    .isEqualTo(1);
            found.removeIf(line -> line.startsWith("/$OrphanFiles/") && !line.contains(" (deleted)"));
            assertThat(found).isEqualTo(SleuthKit.fls(made.image.toString(), "0"));
            assertThat(found).anyMatch(line -> line.startsWith("/f3.txt (deleted)"));
            assertThat(found).anyMatch(line -> line.startsWith("/gone/inside1 (deleted)"));
            Node deleted = Objects.requireNonNull(nodes.get("/f3.txt"));
            assertThat(deleted.deleted()).isPresent();
            assertThat(ExtFormsTest.md5(deleted)).isEqualTo(md5(source.resolve("f3.txt")));
            Node reused = Objects.requireNonNull(nodes.get("/f9.txt"));
            assertThat(reused.allocated()).isFalse();
            assertThat(reused.size()).isZero();
            assertThatThrownBy(reused::open).isInstanceOf(LayerException.class).hasMessageContaining("in use again");
        }
    }

    private Path tree() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(
                    source.resolve("f%d.txt".formatted(i)),
                    "content %d ".formatted(i).repeat(1 + 700 * i));
        }
        Path sub = Files.createDirectory(source.resolve("sub"));
        for (String name : new String[] {"first", "a-long-name-that-leaves-a-gap.txt", "last"}) {
            Files.writeString(sub.resolve(name), name);
        }
        Path gone = Files.createDirectory(source.resolve("gone"));
        Files.writeString(gone.resolve("inside1"), "1");
        Files.writeString(gone.resolve("inside2"), "2");
        return source;
    }

    private static String md5(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
    }
}
