package io.varve.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Superblocks, descriptors and inodes that are gone, and forms that cannot be read.
@Tag("disks")
class ExtDamageTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void tools() {
        ExtImage.assumeTools("mke2fs", "truncate");
    }

    @Test
    void backupsServeWhenSuperblockAndDescriptorsAreGone() throws Exception {
        for (String options :
                new String[] {"-t ext4 -b 1024", "-t ext2 -b 1024 -O ^resize_inode", "-t ext4 -b 4096 -g 256"}) {
            boolean small = options.contains("1024");
            ExtImage made = made("20", options);
            Map<String, String> before = files(made);
            assertThat(before).hasSize(12);
            overwrite(made.image, 1024, new byte[small ? 2048 : 7168]);
            try (FileBytes bytes = made.open()) {
                assertThat(new ExtFormat().claims(bytes)).as(options).isEqualTo(small);
            }
            if (small) {
                assertThat(files(made)).as(options).isEqualTo(before);
            }
        }
    }

    @Test
    void aDamagedSuperblockIsToldByItsChecksum() throws Exception {
        ExtImage made = made("20", "-t ext4 -b 1024");
        Map<String, String> before = files(made);
        overwrite(made.image, 1024 + 40, new byte[] {64});
        assertThat(files(made)).isEqualTo(before);
    }

    @Test
    void aBackupThatOutlivedItsFileSystemClaimsNothing() throws Exception {
        ExtImage made = made("20", "-t ext4 -b 1024");
        overwrite(made.image, 0, new byte[2 << 20]);
        try (FileBytes bytes = made.open()) {
            assertThat(new ExtFormat().claims(bytes)).isFalse();
        }
    }

    @Test
    void aJournalDeviceIsNamed() throws Exception {
        ExtImage made = ExtImage.empty(folder, "8", "-O", "journal_dev");
        try (FileBytes bytes = made.open()) {
            assertThat(new ExtFormat().claims(bytes)).isTrue();
            assertThatThrownBy(() -> new ExtFormat().open(bytes))
                    .isInstanceOf(LayerException.class)
                    .hasMessageContaining("external journal");
        }
    }

    @Test
    void blocksOf64KibibytesAreRead() throws Exception {
        assertThat(files(made("40", "-t ext4 -b 65536"))).hasSize(12).isEqualTo(files(made("20", "-t ext4 -b 4096")));
    }

    @Test
    void aJournalThatWasNotReplayedIsNoted() throws Exception {
        ExtImage made = made("20", "-t ext3 -b 1024").debugfs("feature needs_recovery");
        try (FileBytes bytes = made.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            var walk = new ExtWalk();
            walk.walk(fileSystem, (path, node) -> {});
            assertThat(walk.notes).singleElement().asString().contains("journal was not replayed");
        }
    }

    @Test
    void whatLiesPastTheEndOfACutVolumeIsTold() throws Exception {
        ExtImage made = made("20", "-t ext4 -b 1024");
        try (RandomAccessFile file = new RandomAccessFile(made.image.toFile(), "rw")) {
            file.setLength(9 << 20);
        }
        try (FileBytes bytes = made.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            var walk = new ExtWalk();
            walk.walk(fileSystem, (path, node) -> {});
            assertThat(walk.lost).first().asString().contains("the volume ends after 9437184");
        }
    }

    @Test
    void encryptedNamesAreListedAndTheirContentIsRefused() throws Exception {
        ExtImage.assumeRoot();
        ExtImage made =
                ExtImage.empty(folder, "20", "-t", "ext4", "-O", "encrypt").changed(ENCRYPT);
        Map<String, Node> nodes = new TreeMap<>();
        try (FileBytes bytes = made.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            var walk = new ExtWalk();
            walk.walk(fileSystem, nodes::put);
            assertThat(walk.lost).isEmpty();
            assertThat(nodes).hasSize(6).containsKeys("/secret", "/open.txt");
            for (Node node :
                    nodes.values().stream().filter(node -> node.inode() > 12).toList()) {
                if (node.name().equals("open.txt")) {
                    assertThat(contentOf(node)).isEqualTo("open");
                } else if (node.size() < 1024) {
                    assertThat(node.target()).isEmpty();
                    assertThatThrownBy(node::open)
                            .isInstanceOf(LayerException.class)
                            .hasMessageContaining("encrypted (fscrypt)");
                }
            }
        }
    }

    private static final String ENCRYPT = """
            import fcntl, struct, os, sys
            m = sys.argv[1]
            fd = os.open(m, os.O_RDONLY)
            key = bytearray(struct.pack('<II32sII8I', 2, 0, b'', 64, 0, *[0] * 8) + bytes(range(64)))
            fcntl.ioctl(fd, 0xC0506617, key)
            os.mkdir(m + '/secret')
            d = os.open(m + '/secret', os.O_RDONLY)
            fcntl.ioctl(d, 0x800C6613, struct.pack('<BBBBB3x16s', 2, 1, 4, 3, 0, bytes(key[8:24])))
            with open(m + '/secret/plain name.txt', 'w') as f: f.write('hidden')
            os.symlink('target', m + '/secret/link')
            os.mkdir(m + '/secret/sub')
            with open(m + '/open.txt', 'w') as f: f.write('open')
            """;

    private ExtImage made(String megabytes, String options) throws IOException {
        Path source = folder.resolve("source");
        if (Files.notExists(source)) {
            Files.createDirectory(source);
            for (int i = 0; i < 10; i++) {
                Files.writeString(
                        source.resolve("file-" + i), "content %d ".formatted(i).repeat(1 + 900 * i));
            }
            Files.createDirectory(source.resolve("folder"));
            Files.writeString(source.resolve("folder").resolve("inner"), "inner");
        }
        return ExtImage.empty(folder, megabytes, (options + " -d " + source).split(" "));
    }

    /// Digests by path.
    private static Map<String, String> files(ExtImage image) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (FileBytes bytes = image.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            var walk = new ExtWalk();
            walk.walk(fileSystem, (path, node) -> {
                if (!path.equals("/lost+found")) {
                    found.put(path, node.type() == io.varve.disk.Entry.Type.FILE ? ExtFormsTest.md5(node) : "");
                }
            });
            assertThat(walk.lost).isEmpty();
        }
        return found;
    }

    private static String contentOf(Node node) throws IOException {
        try (Bytes content = node.open()) {
            return new String(content.stream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static void overwrite(Path image, long offset, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }
}
