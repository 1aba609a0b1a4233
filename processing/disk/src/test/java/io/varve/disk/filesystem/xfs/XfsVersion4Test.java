package io.varve.disk.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Version 4 as mkfs.xfs makes it from a prototype; today's kernels no longer mount it.
@Tag("disks")
@SuppressWarnings("NullAway") // a name that is missing fails the test either way
class XfsVersion4Test {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"-b size=512 -n ftype=0,size=4096", "-n ftype=1", "-i size=256 -b size=1024 -n ftype=0"})
    void every_file_equals_its_source(String options) throws Exception {
        Tools.need("mkfs.xfs", "xfs_db");
        Path source = Files.write(scratch.resolve("source"), new byte[200_000]);
        Tools.run("bash", "-ec", "head -c 200000 /dev/urandom > " + source);
        String target = "long/".repeat(150);
        var prototype = new StringBuilder("/\n0 0\nd--755 3 1\n");
        prototype.append("a ---640 5 6 ").append(source).append("\nlink l--777 0 0 short\n");
        prototype.append("far l--777 0 0 ").append(target).append("\nnull c--666 0 0 1 3\nlarge d--755 0 0\n");
        for (int i = 0; i < 1500; i++) {
            prototype.append("name-%04d ---644 0 0 /dev/null\n".formatted(i));
        }
        prototype.append("$\nsmall d--700 0 0\nb ---644 0 0 ").append(source).append("\n$\n$\n");
        Path proto = Files.writeString(scratch.resolve("proto"), prototype);
        Path image = Tools.sparse(scratch.resolve("xfs4.img"), 300L << 20);
        Tools.run("bash", "-ec", "mkfs.xfs -q -m crc=0 %s -p %s %s".formatted(options, proto, image));
        Tools.run("bash", "-ec", "xfs_db -x -c 'path /a' -c 'attr_set -v 40 few' -c 'attr_set -v 9000 many' " + image);
        try (Bytes volume = FileBytes.open(image);
                FileSystem files = XfsTest.open(volume)) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.notes).isEmpty();
            assertThat(facts.deleted).isEmpty();
            assertThat(facts.lines).hasSize(1508);
            String md5 = Tools.run("md5sum", source.toString()).substring(0, 32);
            assertThat(facts.lines.get("/a")).contains("mode=640 size=200000 links=1 owner=5:6 ", "b=- " + md5);
            assertThat(facts.lines.get("/small/b")).endsWith(md5);
            assertThat(facts.lines.get("/link")).contains("LINK").endsWith(" short");
            assertThat(facts.lines.get("/far")).contains("LINK").endsWith(" " + target);
            assertThat(facts.lines.get("/null")).contains("CHARACTER mode=666");
            assertThat(facts.lines.get("/large/name-1499")).contains("FILE mode=644 size=0");
            var attributes = facts.nodes.get("/a").attributes();
            assertThat(attributes).containsOnlyKeys("user.few", "user.many");
            assertThat(attributes.get("user.few")).hasSize(40);
            assertThat(attributes.get("user.many"))
                    .hasSize(9000)
                    .containsOnly(attributes.get("user.few")[0]);
        }
    }
}
