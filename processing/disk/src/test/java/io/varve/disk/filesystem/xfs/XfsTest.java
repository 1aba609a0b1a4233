package io.varve.disk.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Tools;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// XFS made by mkfs.xfs and filled by the kernel: every name, time, inode number and content as the kernel says.
@Tag("disks")
@SuppressWarnings("NullAway") // a name that is missing fails the test either way
class XfsTest {
    /// Every form of folder, link, attribute and extent list that fits into 300 MB.
    static final String FILL = """
        mkdir short many deep empty attrs
        for i in 1 2 3; do echo "content $i" > short/file$i; done
        echo a > short/x; ln short/x short/y; ln -s x short/link
        ln -s "$(printf 'p/%.0s' $(seq 300))" deep/long600
        ln -s "$(printf '0123456789/%.0s' $(seq 92))" deep/long1012
        mkfifo short/fifo; mknod short/null c 1 3; mknod short/disk b 8 1
        python3 - <<'P'
        import os
        for i in range(10000): open('many/name-%05d-%s' % (i, 'x' * (i % 40)), 'w').close()
        for n in (b'caf\\xe9', b'gr\\xc3\\xb6\\xc3\\x9fe 100%', b'new\\nline', b'..x', b'ends!'):
            open(b'short/' + n, 'w').write('odd')
        os.utime('short/file1', ns=(1, 2)); os.utime('short/file2', ns=(-5_000_000_001, 4_200_000_000_123_456_789))
        for i in range(5): os.setxattr('attrs', 'user.n%d' % i, b'v' * i)
        for i in range(200):
            f = 'attrs/f%d' % i; open(f, 'w').close()
            if i % 50 == 0:
                for k in range(i): os.setxattr(f, 'user.key-%04d' % k, b'w' * (k * 7 % 300))
        os.setxattr('attrs/f1', 'user.large', bytes(range(256)) * 200)
        os.setxattr('attrs/f1', 'trusted.t', b'1'); os.setxattr('attrs/f1', 'security.s', b'2')
        f = os.open('sparse', os.O_CREAT | os.O_RDWR)
        for i in range(1500): os.pwrite(f, b'block %d' % i, i * 12288)
        os.truncate(f, 100_000_000_000)
        f = os.open('unwritten', os.O_CREAT | os.O_RDWR); os.posix_fallocate(f, 0, 3_000_000); os.pwrite(f, b'mid', 1_000_000)
        f = os.open('large', os.O_CREAT | os.O_RDWR)
        for i in range(160): os.write(f, os.urandom(1 << 17))
        P
        chown 12:34567 short/file3; chmod 4751 short/file3
        for i in $(seq 30); do mkdir -p deep/$i; cd deep; done
        """;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-m crc=1,bigtime=1,reflink=1,rmapbt=1 -i nrext64=1,sparse=1",
                "-m crc=1,bigtime=0,reflink=0,finobt=0 -i nrext64=0,sparse=0,size=512 -b size=1024 -n size=16384",
            })
    void every_file_is_as_the_kernel_says(String options) throws Exception {
        Path image = made(options);
        Tools.mounted(image, "", mount -> Tools.shell(mount, FILL.replace("100_000_000_000", "100_000_000")));
        if (options.contains("reflink=1")) {
            Tools.mounted(image, "", mount -> Tools.shell(mount, "cp --reflink=always large copy; echo x >> copy"));
        }
        Map<String, String> truth = new TreeMap<>();
        Tools.mounted(image, "ro", mount -> truth.putAll(Facts.ofMount(mount, true)));
        try (Bytes volume = FileBytes.open(image);
                FileSystem files = open(volume)) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.notes).isEmpty();
            assertThat(facts.differences(truth)).isEmpty();
            assertThat(facts.lines).hasSizeGreaterThan(10_200);
            attributes(facts);
            assertThat(facts.nodes.get("/short/null").device()).hasValue(1L << 32 | 3);
            assertThat(facts.nodes.get("/short/disk").device()).hasValue(8L << 32 | 1);
            assertThat(facts.nodes.get("/short/fifo").device()).isEmpty();
            try (Bytes sparse = facts.nodes.get("/sparse").open()) {
                assertThat(sparse.zeros(0)).isZero();
                assertThat(sparse.zeros(20_000_000)).isEqualTo(80_000_000);
            }
        }
    }

    private static void attributes(Facts facts) throws Exception {
        Map<String, byte[]> small = facts.nodes.get("/attrs").attributes();
        assertThat(small).containsKeys("user.n0", "user.n4").containsEntry("user.n3", "vvv".getBytes());
        Map<String, byte[]> many = facts.nodes.get("/attrs/f150").attributes();
        assertThat(many).hasSize(150);
        assertThat(many.get("user.key-0149")).hasSize(149 * 7 % 300).containsOnly('w');
        Map<String, byte[]> large = facts.nodes.get("/attrs/f1").attributes();
        assertThat(large).containsOnlyKeys("user.large", "trusted.t", "security.s");
        assertThat(large.get("user.large")).hasSize(51_200);
        assertThat(large.get("user.large")[51_199]).isEqualTo((byte) 255);
    }

    private Path made(String options) throws Exception {
        Tools.need("mkfs.xfs", "python3");
        Tools.needRoot();
        Path image = Tools.sparse(scratch.resolve("xfs.img"), 400L << 20);
        Tools.run("bash", "-ec", "mkfs.xfs -q -L label%x " + options + " " + image);
        return image;
    }

    static FileSystem open(Bytes volume) throws Exception {
        var format = new Xfs();
        assertThat(format.claims(volume)).isTrue();
        return format.open(volume).getFirst();
    }
}
