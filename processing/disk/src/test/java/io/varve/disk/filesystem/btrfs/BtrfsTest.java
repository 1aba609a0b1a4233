package io.varve.disk.filesystem.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Btrfs made by mkfs.btrfs and filled by the kernel: every name, time, inode number and content as the kernel says.
@Tag("disks")
@SuppressWarnings("NullAway") // a name that is missing fails the test either way
class BtrfsTest {
    /// Every form of name, extent, link and attribute.
    static final String FILL = """
        mkdir short many attrs deep
        for i in 1 2 3; do echo "content $i" > short/file$i; done
        echo a > short/x; ln short/x short/y; ln short/x deep/z; ln -s x short/link; touch short/empty
        ln -s "$(printf 'p/%.0s' $(seq 600))" deep/long1200
        mkfifo short/fifo; mknod short/null c 1 3; mknod short/disk b 8 1
        python3 - <<'P'
        import os, random
        random.seed(5)
        for i in range(1500): open('many/name-%05d-%s' % (i, 'x' * (i % 40)), 'w').close()
        open('many/linked', 'w').close()
        for i in range(300): os.link('many/linked', 'many/link-%d-%s' % (i, 'y' * 100))
        for n in (b'caf\\xe9', b'gr\\xc3\\xb6\\xc3\\x9fe 100%', b'new\\nline', b'..x', b'ends!'):
            open(b'short/' + n, 'w').write('odd' * 500)
        os.utime('short/file1', ns=(1, 2)); os.utime('short/file2', ns=(-5_000_000_001, 9_200_000_000_123_456_789))
        for i in range(5): os.setxattr('attrs', 'user.n%d' % i, b'v' * i)
        os.setxattr('attrs', 'user.large', b'w' * 3000); os.setxattr('attrs', 'trusted.t', b'1')
        words = [bytes([random.randrange(97, 123) for _ in range(random.randrange(2, 9))]) for _ in range(500)]
        open('text', 'wb').write(b' '.join(random.choice(words) for _ in range(150_000)))
        open('mixed', 'wb').write(b''.join(os.urandom(50_000) + b'A' * 70_000 + random.choice(words) * 9000 for _ in range(12)))
        open('small', 'wb').write(b' '.join(words))
        f = os.open('sparse', os.O_CREAT | os.O_RDWR)
        for i in range(50): os.pwrite(f, b'block %d' % i * 40, i * 120_000 + i)
        os.truncate(f, 90_000_000)
        f = os.open('unwritten', os.O_CREAT | os.O_RDWR); os.posix_fallocate(f, 0, 3_000_000); os.pwrite(f, b'mid', 1_000_000)
        f = os.open('text', os.O_RDWR); os.fsync(f)
        for i in range(40): os.pwrite(f, b'over' * 30, i * 20_021)
        P
        cp --reflink=always text copy; echo tail >> copy
        chown 12:34567 short/file3; chmod 4751 short/file3
        """;

    private static final String SUBVOLUMES = """
        btrfs subvolume create -q sub 2>/dev/null || btrfs subvolume create sub
        echo in > sub/file; mkdir sub/folder; btrfs subvolume create sub/folder/inner; echo deep > sub/folder/inner/f
        btrfs subvolume snapshot sub snap; echo changed > sub/file; btrfs subvolume snapshot -r . short/whole
        """;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({
        "zlib, -m dup --csum crc32c",
        "lzo, -m single -n 4096 --csum xxhash",
        "zstd, -O ^no-holes -n 65536 --csum blake2",
        "no, --mixed --csum sha256",
    })
    void every_file_is_as_the_kernel_says(String compression, String options) throws Exception {
        Path image = image(options, 300);
        Tools.mounted(image, compression.equals("no") ? "" : "compress-force=" + compression, mount -> {
            Tools.shell(mount, FILL);
            Tools.shell(mount, SUBVOLUMES);
        });
        compare(image);
    }

    private static void compare(Path image) throws Exception {
        Map<String, String> truth = new TreeMap<>();
        Tools.mounted(image, "ro", mount -> truth.putAll(Facts.ofMount(mount, true)));
        truth.replaceAll((path, line) -> emptyFolder(line) ? "empty" : line);
        try (Bytes volume = FileBytes.open(image);
                FileSystem files = open(volume)) {
            Facts facts = Facts.of(files);
            facts.lines.replaceAll((path, line) -> emptyFolder(line) ? "empty" : line);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.notes).isEmpty();
            assertThat(facts.deleted).isEmpty();
            assertThat(facts.differences(truth)).isEmpty();
            assertThat(facts.lines).hasSizeGreaterThan(3_600).containsEntry("/snap/folder/inner", "empty");
            assertThat(facts.nodes.get("/attrs").attributes())
                    .containsOnlyKeys("user.n0", "user.n1", "user.n2", "user.n3", "user.n4", "user.large", "trusted.t")
                    .containsEntry("user.n3", "vvv".getBytes());
            assertThat(facts.nodes.get("/short/null").device()).hasValue(1L << 32 | 3);
            assertThat(facts.nodes.get("/short/disk").device()).hasValue(8L << 32 | 1);
            try (Bytes sparse = facts.nodes.get("/sparse").open()) {
                assertThat(sparse.zeros(0)).isZero();
                assertThat(sparse.zeros(20_000_000)).isEqualTo(70_000_000);
            }
        }
    }

    /// The kernel makes up times for the folder in place of a subvolume that a snapshot lacks.
    private static boolean emptyFolder(String line) {
        return line.startsWith("inode=2 ");
    }

    @Test
    void what_was_written_into_it_when_it_was_made_comes_back() throws Exception {
        Path source = Files.createDirectory(scratch.resolve("source"));
        Tools.need("mkfs.btrfs", "python3");
        Tools.shell(
                source,
                FILL.replaceAll("(?m)^cp --reflink.*$", "")
                        .replaceAll("(?m)^ *os.setxattr.*$|^ *for i in .*setxattr.*$", ""));
        Path image = Tools.sparse(scratch.resolve("btrfs.img"), 300L << 20);
        Tools.run("mkfs.btrfs", "-q", "--rootdir", source.toString(), image.toString());
        Map<String, String> truth = Facts.ofMount(source, false);
        try (Bytes volume = FileBytes.open(image);
                FileSystem files = open(volume)) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.lines.keySet()).isEqualTo(truth.keySet());
            truth.forEach((path, line) ->
                    assertThat(last(facts.lines.get(path))).as(path).isEqualTo(last(line)));
        }
    }

    @Test
    void the_second_copy_does_where_the_first_is_bad() throws Exception {
        Path image = image("-m dup", 300);
        Tools.mounted(image, "", mount -> Tools.shell(mount, "mkdir d; echo x > d/f"));
        byte[] whole = Files.readAllBytes(image);
        var first = new HashSet<Long>();
        var block = new Block("image", 0, whole, 0, whole.length);
        Superblock superblock = Superblock.of(Bytes.of(whole));
        for (int at = 0; at < whole.length; at += 4096) {
            boolean node = Arrays.equals(whole, at + 32, at + 48, superblock.metadataId(), 0, 16)
                    && at != 64 << 10
                    && at != 64 << 20;
            if (node && first.add(block.i64(at + 48))) {
                whole[at + 200] ^= 1;
            }
        }
        whole[(64 << 10) + 300] ^= 1;
        try (FileSystem files = open(Bytes.of(whole))) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.notes).singleElement().asString().contains("copy at offset 67108864");
            assertThat(facts.lines).containsOnlyKeys("/", "/d", "/d/f");
        }
    }

    private static String last(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private Path image(String options, int size) throws Exception {
        Tools.need("mkfs.btrfs", "btrfs", "python3");
        Tools.needRoot();
        Path image = Tools.sparse(scratch.resolve("btrfs.img"), (long) size << 20);
        Tools.run("bash", "-ec", "mkfs.btrfs -q -L label " + options + " " + image);
        return image;
    }

    static FileSystem open(Bytes volume) throws Exception {
        var format = new Btrfs();
        assertThat(format.claims(volume)).isTrue();
        return format.open(volume).getFirst();
    }
}
