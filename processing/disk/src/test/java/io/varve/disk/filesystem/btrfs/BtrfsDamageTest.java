package io.varve.disk.filesystem.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Mutations;
import io.varve.disk.filesystem.Tools;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Btrfs with parts destroyed, devices missing, files removed while open.
@Tag("disks")
class BtrfsDamageTest {
    @TempDir
    Path scratch;

    @Test
    void a_bad_block_without_a_copy_costs_what_lies_in_it() throws Exception {
        byte[] whole = image("-m single", "mkdir d; for i in $(seq 2000); do echo $i > d/name-$i; done");
        for (int at : blocks(whole, 5, 0)) {
            if (new String(whole, at, 4096, StandardCharsets.ISO_8859_1).contains("name-1500")) {
                whole[at + 2000] ^= 1;
            }
        }
        try (FileSystem files = BtrfsTest.open(Bytes.of(whole))) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isNotEmpty().anyMatch(loss -> loss.contains("checksum"));
            assertThat(facts.lines).hasSizeBetween(1800, 2001);
        }
    }

    @Test
    void what_lies_on_another_device_names_it() throws Exception {
        Path first = Tools.sparse(scratch.resolve("first.img"), 300L << 20);
        Path second = Tools.sparse(scratch.resolve("second.img"), 300L << 20);
        Tools.need("mkfs.btrfs", "losetup");
        Tools.needRoot();
        Path source = Files.createDirectory(scratch.resolve("source"));
        Tools.shell(source, "head -c 3000000 /dev/urandom > noise");
        String md5 = Tools.run("md5sum", source.resolve("noise").toString()).substring(0, 32);
        Tools.run("bash", "-ec", """
            mkfs.btrfs -q -m raid1 -d raid0 %1$s %2$s; mkdir %3$s
            a=$(losetup -f --show %1$s); b=$(losetup -f --show %2$s); btrfs device scan $a $b > /dev/null
            mount $a %3$s; cp %4$s/noise %3$s; echo small > %3$s/small; umount %3$s; losetup -d $a $b
            btrfs device scan --forget > /dev/null || true
            """.formatted(first, second, scratch.resolve("mount"), source));
        String small = Tools.run("bash", "-c", "echo small | md5sum").substring(0, 32);
        for (Path device : List.of(first, second)) {
            try (FileSystem files = BtrfsTest.open(Bytes.of(Files.readAllBytes(device)))) {
                Facts facts = Facts.of(files);
                assertThat(facts.losses).isEmpty();
                assertThat(facts.notes).singleElement().asString().contains("2 devices");
                assertThat(facts.lines.get("/small")).endsWith(small);
                assertThat(facts.lines.get("/noise"))
                        .doesNotContain(md5)
                        .contains("LayerException")
                        .containsPattern("lie on device [12] \\([0-9a-f]{8}-");
            }
        }
    }

    @Test
    void files_removed_while_open_are_orphans() throws Exception {
        Path copy = scratch.resolve("copy.img");
        Tools.need("fsfreeze");
        image(
                "",
                "echo secret > open; exec 7<open; rm open; sync; fsfreeze -f .; cp --sparse=always %s %s; fsfreeze -u ."
                        .formatted(scratch.resolve("btrfs.img"), copy));
        try (FileSystem files = BtrfsTest.open(Bytes.of(Files.readAllBytes(copy)))) {
            Facts facts = Facts.of(files);
            assertThat(facts.deleted).hasSize(1);
            assertThat(facts.deleted.values())
                    .singleElement()
                    .asString()
                    .contains("size=7 links=0")
                    .endsWith("dd02c7c2232759874e1c205587017bed");
        }
    }

    @Tag("mutations")
    @ParameterizedTest
    @ValueSource(strings = {"zlib", "lzo", "zstd"})
    void mutations_end_in_content_or_in_errors_that_name_the_place(String compression) throws Exception {
        byte[] whole = image(
                compression,
                "-m single --mixed",
                BtrfsTest.FILL
                                .replace("range(1500)", "range(100)")
                                .replace("range(150_000)", "range(30_000)")
                                .replace("90_000_000", "8_000_000")
                        + "btrfs subvolume create sub; echo x > sub/y; btrfs subvolume snapshot . snap");
        long[] places = blocks(whole, -1, -1).stream().mapToLong(at -> at).toArray();
        Mutations.each(whole, places, Mutations.COUNT / 3 + 1, bytes -> {
            byte[] changed = new byte[(int) bytes.size()];
            bytes.read(0, changed, 0, changed.length);
            sealed(changed);
            Bytes hostile = Bytes.of(changed);
            if (new Btrfs().claims(hostile)) {
                for (FileSystem files : new Btrfs().open(hostile)) {
                    Facts.touch(files);
                }
            }
        });
    }

    /// Gives every block the checksum that fits it, as an attacker would.
    private static void sealed(byte[] image) {
        for (int at : blocks(image, -1, -1)) {
            var crc = new CRC32C();
            crc.update(image, at + 32, 4096 - 32);
            ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) crc.getValue());
        }
    }

    /// Where blocks of a tree lie; -1 for any.
    private static List<Integer> blocks(byte[] image, long owner, int level) {
        List<Integer> found = new ArrayList<>();
        var block = new Block("image", 0, image, 0, image.length);
        for (int at = 64 << 10; at + 4096 <= image.length; at += 4096) {
            boolean ours = Arrays.equals(image, at + 32, at + 48, image, (64 << 10) + 32, (64 << 10) + 48);
            boolean fits = owner < 0 || block.i64(at + 88) == owner && block.u8(at + 100) == level;
            if (ours && fits) {
                found.add(at);
            }
        }
        return found;
    }

    private byte[] image(String options, String script) throws Exception {
        return image("no", options, script);
    }

    private byte[] image(String compression, String options, String script) throws Exception {
        Tools.need("mkfs.btrfs", "btrfs", "python3");
        Tools.needRoot();
        Path image = Tools.sparse(scratch.resolve("btrfs.img"), (options.contains("mixed") ? 30L : 300L) << 20);
        Tools.run("bash", "-ec", "mkfs.btrfs -q -n 4096 " + options + " " + image);
        String mount = compression.equals("no") ? "" : "compress-force=" + compression;
        Tools.mounted(image, mount, at -> Tools.shell(at, script));
        return Files.readAllBytes(image);
    }
}
