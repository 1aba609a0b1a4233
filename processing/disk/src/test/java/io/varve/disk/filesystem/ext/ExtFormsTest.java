package io.varve.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.ext.ExtImage.Expected;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every form that `mke2fs` makes: each name, all its metadata and its content are what the kernel shows.
@Tag("disks")
class ExtFormsTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void tools() throws IOException {
        ExtImage.assumeRoot();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ext2, -t ext2 -b 1024 -I 128",
        "ext2, -t ext2 -b 1024 -r 0 -O none",
        "ext2, -t ext2 -b 4096 -I 128 -O ^filetype",
        "ext3, -t ext3 -b 2048 -I 256",
        "ext4, -t ext4 -b 1024",
        "ext4, -t ext4 -b 4096",
        "ext4, '-t ext4 -b 4096 -O 64bit,^flex_bg,^metadata_csum,uninit_bg -g 4096'",
        "ext4, '-t ext4 -b 1024 -O meta_bg,^resize_inode,64bit -g 1024'",
        "ext4, '-t ext4 -b 4096 -O bigalloc -C 16384'",
        "ext4, '-t ext4 -b 4096 -O inline_data -I 256'",
        "ext4, '-t ext4 -b 4096 -O inline_data,sparse_super2,orphan_file,metadata_csum_seed -I 1024'",
        "ext4, '-t ext4 -b 4096 -O ea_inode,large_dir,^has_journal -I 512'",
    })
    void filesAreThoseTheKernelShows(String type, String options) throws IOException {
        String[] large = options.contains("ea_inode") ? new String[] {"large"} : new String[0];
        ExtImage made = ExtImage.empty(folder, "40", options.split(" ")).filled(large);
        Map<String, Node> found = new TreeMap<>();
        var walk = new ExtWalk();
        try (FileBytes bytes = made.open();
                FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
            assertThat(fileSystem.type()).isEqualTo(type);
            walk.walk(fileSystem, (path, node) -> {
                if (node.allocated()) {
                    assertThat(found.put(path, node)).as(path).isNull();
                }
            });
            assertThat(walk.lost).isEmpty();
            assertThat(walk.notes).isEmpty();
            assertThat(found.keySet()).isEqualTo(made.expected.keySet());
            for (Map.Entry<String, Expected> entry : made.expected.entrySet()) {
                compare(entry.getKey(), Objects.requireNonNull(found.get(entry.getKey())), entry.getValue());
            }
            compareAttributes(Objects.requireNonNull(found.get("/attributes")), large.length > 0);
            assertThat(zeros(Objects.requireNonNull(found.get("/sparse")))).isGreaterThan(19 << 20);
        }
    }

    private static void compare(String path, Node node, Expected expected) throws IOException {
        assertThat(node.inode()).as(path).isEqualTo(expected.inode());
        assertThat(node.type()).as(path).isEqualTo(type(expected.type()));
        assertThat(node.size()).as(path).isEqualTo(expected.size());
        assertThat(node.mode()).as(path).hasValue(expected.mode());
        assertThat(node.uid()).as(path).hasValue(expected.uid());
        assertThat(node.gid()).as(path).hasValue(expected.gid());
        assertThat(node.links()).as(path).isEqualTo(expected.links());
        assertThat(exact(node.times().accessed())).as(path + " accessed").isEqualByComparingTo(expected.accessed());
        assertThat(exact(node.times().changed())).as(path + " changed").isEqualByComparingTo(expected.changed());
        assertThat(exact(node.times().modified())).as(path + " modified").isEqualByComparingTo(expected.modified());
        if (node.times().created().isPresent()) {
            assertThat(exact(node.times().created())).as(path + " created").isEqualByComparingTo(expected.created());
        }
        assertThat(node.target().orElse("")).as(path).isEqualTo(expected.target());
        if (node.type() == Type.FILE) {
            assertThat(md5(node)).as(path).isEqualTo(expected.md5());
        }
    }

    private static void compareAttributes(Node node, boolean large) throws IOException {
        Map<String, byte[]> found = new HashMap<>(node.attributes());
        byte[] access = found.remove("system.posix_acl_access");
        if (access != null) {
            assertThat(HexFormat.of().formatHex(access))
                    .isEqualTo(
                            "0200000001000600ffffffff02000400e803000004000400ffffffff10000600ffffffff20000400ffffffff");
        }
        assertThat(found.keySet()).contains("user.small", "user.empty", "trusted.t", "security.selinux");
        assertThat(found.get("user.small")).asString().isEqualTo("v");
        assertThat(found.get("user.empty")).isEmpty();
        assertThat(found.get("trusted.t")).hasSize(200).startsWith(0, 1, 2, 3);
        assertThat(found.get("security.selinux")).asString().isEqualTo("system_u:object_r:etc_t:s0\0");
        if (large) {
            assertThat(found.get("user.large")).hasSize(9000).containsOnly('L');
        }
    }

    private static BigDecimal exact(Optional<EventTime> time) {
        EventTime known = time.orElseThrow();
        assertThat(known.precision()).isIn(Precision.SECOND, Precision.NANOSECOND);
        return BigDecimal.valueOf(known.seconds()).add(BigDecimal.valueOf(known.nanos(), 9));
    }

    private static long zeros(Node node) throws IOException {
        try (Bytes content = node.open()) {
            return content.zeros(0);
        }
    }

    static String md5(Node node) {
        try (Bytes content = node.open()) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[100_000];
            try (var in = content.stream()) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Type type(char shown) {
        return switch (shown) {
            case 'f' -> Type.FILE;
            case 'd' -> Type.DIRECTORY;
            case 'l' -> Type.LINK;
            case 'p' -> Type.FIFO;
            case 's' -> Type.SOCKET;
            case 'b' -> Type.BLOCK;
            case 'c' -> Type.CHARACTER;
            default -> Type.UNKNOWN;
        };
    }
}
