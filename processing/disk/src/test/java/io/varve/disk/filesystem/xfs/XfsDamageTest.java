package io.varve.disk.filesystem.xfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.filesystem.Facts;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Mutations;
import io.varve.disk.filesystem.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// XFS after files were removed, or parts of it were destroyed.
@Tag("disks")
@SuppressWarnings("NullAway") // a name that is missing fails the test either way
class XfsDamageTest {
    @TempDir
    Path scratch;

    @Test
    void removed_files_are_listed_with_their_content() throws Exception {
        Path image = image();
        Map<String, String> before = new TreeMap<>();
        Tools.mounted(image, "", mount -> {
            Tools.shell(mount, """
                mkdir keep block; for i in $(seq 150); do head -c 8192 /dev/urandom > block/name-$i; done
                head -c 40960 /dev/urandom > keep/removed; echo x > keep/stays; mkdir tiny; echo x > tiny/stays
                head -c 4096 /dev/urandom > tiny/gone; sync
                """);
            before.putAll(Facts.ofMount(mount, true));
        });
        Tools.mounted(
                image,
                "",
                mount -> Tools.shell(mount, "rm block/name-7 block/name-8 block/name-100 keep/removed tiny/gone"));
        try (Bytes volume = FileBytes.open(image);
                FileSystem files = XfsTest.open(volume)) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isEmpty();
            assertThat(facts.deleted)
                    .containsOnlyKeys(
                            "/block/name-7",
                            "/block/name-8",
                            "/block/name-100",
                            "/tiny/gone",
                            "/$orphans/OrphanFile-" + inode(before.get("/keep/removed")));
            facts.deleted.forEach((path, line) -> {
                String original = path.startsWith("/$") ? "/keep/removed" : path;
                assertThat(last(line)).as(path).isEqualTo(last(before.get(original)));
                assertThat(inode(line)).isEqualTo(inode(before.get(original)));
            });
        }
    }

    @Test
    void files_removed_while_open_are_orphans() throws Exception {
        Path image = image();
        Path copy = scratch.resolve("copy.img");
        Tools.need("fsfreeze");
        Tools.mounted(image, "", mount -> Tools.shell(mount, """
            echo secret > open; exec 7<open; rm open; sync; fsfreeze -f .
            cp --sparse=always %s %s; fsfreeze -u .; exec 7<&-
            """.formatted(image, copy)));
        try (Bytes volume = FileBytes.open(copy);
                FileSystem files = XfsTest.open(volume)) {
            Facts facts = Facts.of(files);
            assertThat(facts.notes).singleElement().asString().contains("not unmounted");
            assertThat(facts.deleted.keySet()).anyMatch(path -> path.startsWith("/$orphans/OrphanFile-"));
            assertThat(facts.deleted.values())
                    .anyMatch(line ->
                            line.contains("size=7 links=0") && line.endsWith("dd02c7c2232759874e1c205587017bed"));
        }
    }

    @Test
    void a_copy_of_the_superblock_does_when_the_first_is_lost() throws Exception {
        Path image = image();
        Tools.mounted(image, "", mount -> Tools.shell(mount, "mkdir a; echo x > a/b"));
        byte[] whole = Files.readAllBytes(image);
        for (int lost : new int[] {512, 4096}) {
            Arrays.fill(whole, 0, lost, (byte) 0);
            try (FileSystem files = XfsTest.open(Bytes.of(whole))) {
                Facts facts = Facts.of(files);
                assertThat(facts.lines).containsOnlyKeys("/", "/a", "/a/b");
                assertThat(facts.notes).anyMatch(note -> note.contains("read from its copy"));
            }
        }
    }

    @Test
    void damage_in_a_folder_block_costs_what_lies_in_it() throws Exception {
        Path image = image();
        Tools.mounted(
                image, "", mount -> Tools.shell(mount, "mkdir d; cd d; for i in $(seq 1000); do echo > name-$i; done"));
        byte[] whole = Files.readAllBytes(image);
        int at = indexOf(whole, "name-500");
        Arrays.fill(whole, at - 100, at + 100, (byte) 0x5a);
        try (FileSystem files = XfsTest.open(Bytes.of(whole))) {
            Facts facts = Facts.of(files);
            assertThat(facts.losses).isNotEmpty();
            assertThat(facts.lines)
                    .hasSizeBetween(985, 1001)
                    .containsKeys("/d/name-1000", "/d/name-400", "/d/name-515");
            assertThat(facts.lines.size() + facts.deleted.size()).isEqualTo(1002);
        }
    }

    @Tag("mutations")
    @Test
    void mutations_end_in_content_or_in_errors_that_name_the_place() throws Exception {
        Path image = image();
        Tools.mounted(
                image,
                "",
                mount -> Tools.shell(
                        mount,
                        XfsTest.FILL
                                .replace("range(10000)", "range(200)")
                                .replace("100_000_000_000", "8_000_000")
                                .replace("range(160)", "range(4)")));
        byte[] whole = Files.readAllBytes(image);
        byte[] part = Arrays.copyOf(whole, 20 << 20);
        long[] places = XfsPlaces.of(part);
        Mutations.each(part, places, Mutations.COUNT, bytes -> {
            for (FileSystem files : new Xfs().open(bytes)) {
                Facts.touch(files);
            }
        });
    }

    private static int indexOf(byte[] whole, String text) {
        byte[] wanted = text.getBytes();
        for (int i = 0; i < whole.length - wanted.length; i++) {
            if (Arrays.equals(whole, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError(text);
    }

    private static String last(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static String inode(String line) {
        return line.substring(6, line.indexOf(' '));
    }

    private Path image() throws Exception {
        Tools.need("mkfs.xfs", "python3");
        Tools.needRoot();
        Path image = Tools.sparse(scratch.resolve("xfs.img"), 300L << 20);
        Tools.run("mkfs.xfs", "-q", image.toString());
        return image;
    }
}
