package io.varve.disk.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.Names;
import io.varve.disk.Slice;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The corpus' XFS image against what `find` and `md5sum` said of the tree it was made from.
@Tag("disks")
@SuppressWarnings("NullAway") // a name that is missing fails the test either way
class XfsCorpusTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"linux-xfs.qcow2", "linux-xfs.stream.vmdk"})
    void every_file_is_as_its_maker_says(String name) throws Exception {
        Path image = Tools.corpus("images/own/" + name);
        Path truth = Tools.corpus("images/own/truth");
        Tools.need("qemu-img", "mmls");
        Path raw = scratch.resolve("raw");
        Tools.run("qemu-img", "convert", "-O", "raw", image.toString(), raw.toString());
        int compared = 0;
        try (Bytes disk = FileBytes.open(raw);
                FileSystem files = XfsTest.open(largest(disk, Tools.run("mmls", raw.toString())))) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            for (String line : Tools.lines(truth.resolve("linux-xfs.find.tsv"))) {
                String[] fields = line.split("\t");
                Node node = fields[1].isEmpty() ? files.root() : facts.nodes.get(path("/" + fields[1]));
                assertThat(node).as(line).isNotNull();
                assertThat("%d %s %d %d.%09d0"
                                .formatted(
                                        node.inode(),
                                        letter(node),
                                        node.size(),
                                        node.times().modified().orElseThrow().seconds(),
                                        node.times().modified().orElseThrow().nanos()))
                        .as(line)
                        .isEqualTo("%s %s %s %s".formatted(fields[0], fields[2], fields[3], epoch(fields[4])));
                compared++;
            }
            for (String line : Tools.lines(truth.resolve("linux-tree.tsv.md5"))) {
                String path = path(line.substring(35));
                if (!path.startsWith("/boot/") && !path.startsWith("/home/") && facts.nodes.containsKey(path)) {
                    assertThat(Facts.md5(facts.nodes.get(path))).as(line).isEqualTo(line.substring(0, 32));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(600);
    }

    private static String path(String raw) {
        return Names.text(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String letter(Node node) {
        return node.type() == Type.FILE
                ? "f"
                : node.type().name().substring(0, 1).toLowerCase(Locale.ROOT);
    }

    private static String epoch(String time) {
        String[] parts = time.split("\\.");
        return LocalDateTime.parse(parts[0]).toEpochSecond(ZoneOffset.UTC) + "." + parts[1];
    }

    private static Bytes largest(Bytes disk, String mmls) {
        var best = Map.entry(0L, 0L);
        for (String line : mmls.split("\n")) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length >= 5
                    && fields[1].matches("\\d+(:\\d+)?")
                    && Long.parseLong(fields[4]) > best.getValue()) {
                best = Map.entry(Long.parseLong(fields[2]), Long.parseLong(fields[4]));
            }
        }
        return new Slice(disk, best.getKey() * 512, best.getValue() * 512);
    }
}
