package io.varve.disk.filesystem.ntfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A small volume made by mkntfs, then damaged: what is lost is told, and the rest is read.
@Tag("disks")
class DamageTest {
    private static final int CLUSTER = 1024;
    private static final int RECORD = 1024;
    private static final int BUDGET = 20_000;

    @TempDir
    static Path scratch;

    private static byte[] good = new byte[0];

    @BeforeAll
    static void make() throws Exception {
        Path image;
        try (Mounted mounted = Mounted.make(scratch, 4 << 20, "-c", "" + CLUSTER)) {
            image = mounted.image();
            Path folder = mounted.folder();
            Path packed = Files.createDirectories(folder.resolve("packed"));
            mounted.attribute(packed, "system.ntfs_attrib", new byte[] {0x10, 0x08, 0, 0});
            Files.write(
                    packed.resolve("text"), "a line that repeats\n".repeat(5000).getBytes(UTF_8));
            for (int i = 0; i < 60; i++) {
                Files.write(folder.resolve("file number %03d".formatted(i)), new byte[i * 100]);
            }
            for (int i = 0; i < 30; i++) {
                Files.createLink(folder.resolve("link ".repeat(20) + i), folder.resolve("file number 001"));
            }
            Files.delete(folder.resolve("file number 059"));
        }
        good = Files.readAllBytes(image);
    }

    private static int table(byte[] image) {
        return (int) LittleEndian.i64(image, 48) * CLUSTER;
    }

    private static int place(byte[] image, int record) throws IOException {
        var table = new MasterFileTable(
                Bytes.of(image), BootSector.read(Bytes.of(image), 0).orElseThrow(), new Losses());
        return (int) table.place(record).orElseThrow();
    }

    private static Walked walked(byte[] image) throws IOException {
        return Walked.of(new Ntfs().open(Bytes.of(image)).getFirst());
    }

    private static long inode(String path) throws IOException {
        return walked(good).one(path).node().inode();
    }

    @Test
    void a_record_that_was_torn_costs_that_record() throws Exception {
        byte[] image = good.clone();
        int record = (int) inode("/file number 020");
        image[place(good, record) + 510] ^= 1;
        Walked walked = walked(image);
        assertThat(walked.problems)
                .singleElement()
                .asString()
                .startsWith("record %d of $MFT: bytes 0 to 511 were not written".formatted(record));
        assertThat(walked.paths.keySet()).isEqualTo(walked(good).paths.keySet());
        assertThat(walked.one("/file number 020").node().allocated()).isTrue();
        assertThat(walked.one("/file number 020").size()).isEqualTo(2000);
        assertThatThrownBy(() -> walked.one("/file number 020").open()).isInstanceOf(LayerException.class);
    }

    @Test
    void records_that_were_wiped_are_told() throws Exception {
        byte[] image = good.clone();
        int record = (int) inode("/file number 020");
        Arrays.fill(image, place(good, record), place(good, record) + RECORD, (byte) 0);
        Walked walked = walked(image);
        assertThat(walked.problems)
                .containsExactly("1 records of $MFT, %d the first, are in use but hold nothing".formatted(record));
        assertThat(walked.one("/file number 020").node().allocated()).isTrue();
    }

    @Test
    void a_folder_that_was_torn_leaves_its_files_as_orphans() throws Exception {
        byte[] image = good.clone();
        Arrays.fill(image, place(good, (int) inode("/packed")), place(good, (int) inode("/packed")) + 4, (byte) 'x');
        Walked walked = walked(image);
        assertThat(walked.one("/packed").node().type()).isEqualTo(Type.DIRECTORY);
        assertThat(walked.one("/$OrphanFiles/text").node().allocated()).isTrue();
        assertThat(walked.one("/$OrphanFiles/text").md5())
                .isEqualTo(walked(good).one("/packed/text").md5());
    }

    @Test
    void the_first_records_are_read_from_their_copies() throws Exception {
        byte[] image = good.clone();
        Arrays.fill(image, table(image), table(image) + 4 * RECORD, (byte) 0xff);
        Walked walked = walked(image);
        assertThat(walked.paths.keySet()).isEqualTo(walked(good).paths.keySet());
        assertThat(walked.notes).isNotEmpty().allMatch(note -> note.contains("$MFTMirr"));
    }

    @Test
    void a_lost_boot_sector_is_read_from_its_copy() throws Exception {
        byte[] image = good.clone();
        Arrays.fill(image, 0, 512, (byte) 0);
        Bytes volume = Bytes.of(image);
        assertThat(new Ntfs().claims(volume)).isFalse();
        assertThat(new NtfsFromBackup().claims(volume)).isTrue();
        Walked walked = Walked.of(new NtfsFromBackup().open(volume).getFirst());
        assertThat(walked.paths.keySet()).isEqualTo(walked(good).paths.keySet());
        assertThat(walked.notes).singleElement().asString().contains("copy in the last sector");
    }

    @Test
    void a_volume_that_was_cut_keeps_what_is_there() throws Exception {
        byte[] image = Arrays.copyOf(good, good.length / 2 - 777);
        Walked walked = walked(image);
        assertThat(walked.paths).containsKey("/$MFT");
        assertThatThrownBy(() -> new Ntfs().open(Bytes.of(Arrays.copyOf(good, 4096))))
                .isInstanceOf(CorruptException.class);
    }

    @Test
    void an_encrypted_file_says_so() throws Exception {
        byte[] image = good.clone();
        int start = place(image, (int) inode("/file number 050"));
        byte[] record = Arrays.copyOfRange(image, start, start + RECORD);
        assertThat(Fixups.apply(record, 0, RECORD)).isEmpty();
        int at = Record.first(record);
        while (LittleEndian.i32(record, at) != Attribute.DATA) {
            at += Attribute.length(record, at);
        }
        LittleEndian.put16(image, start + at + 12, Attribute.ENCRYPTED);
        assertThatThrownBy(() -> walked(image).one("/file number 050").open())
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("encrypted by EFS");
    }

    /// Two folders, each in the other: they are listed once, as orphans.
    @Test
    @Timeout(20)
    void folders_in_a_circle_end() throws Exception {
        byte[] image = good.clone();
        int packed = (int) inode("/packed");
        int start = place(image, packed);
        int name = nameAt(image, start);
        LittleEndian.put64(image, start + name, packed | (long) Record.sequence(image, start) << 48);
        Walked walked = walked(image);
        assertThat(walked.problems).anyMatch(problem -> problem.contains("lies in itself"));
        assertThat(walked.one("/$OrphanFiles/packed/text").md5())
                .isEqualTo(walked(good).one("/packed/text").md5());
    }

    private static int nameAt(byte[] image, int start) {
        byte[] record = Arrays.copyOfRange(image, start, start + RECORD);
        int at = Record.first(record);
        while (LittleEndian.i32(record, at) != Attribute.FILE_NAME) {
            at += Attribute.length(record, at);
        }
        return Attribute.value(record, at);
    }

    @Tag("mutations")
    @Test
    void mutations_end_in_content_or_an_error_of_its_kind() throws Exception {
        var random = new Random(11);
        int table = table(good);
        int mutations = Integer.getInteger("varve.mutations", 200);
        for (int i = 0; i < mutations; i++) {
            byte[] image = good.clone();
            for (int j = 0; j < 1 + random.nextInt(40); j++) {
                // mostly in the records, where all structures are; sometimes in the boot sector or anywhere
                int at = switch (random.nextInt(8)) {
                    case 0 -> random.nextInt(512);
                    case 1 -> random.nextInt(image.length);
                    case 2 -> table + random.nextInt(2 * RECORD);
                    default ->
                        table + random.nextInt(150 * RECORD) / 8 * 8 + random.nextInt(random.nextBoolean() ? 8 : 1);
                };
                image[Math.min(at, image.length - 1)] = random.nextBoolean() ? (byte) 0xff : (byte) random.nextInt();
            }
            byte[] cut = random.nextInt(10) == 0 ? Arrays.copyOf(image, random.nextInt(image.length)) : image;
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> read(cut), "mutation " + i);
        }
    }

    private static void read(byte[] image) throws IOException {
        var formats = List.of(new Ntfs(), new NtfsFromBackup());
        for (var format : formats) {
            try {
                Bytes volume = Bytes.of(image);
                if (format.claims(volume)) {
                    contents(Walked.of(format.open(volume).getFirst(), BUDGET));
                    return;
                }
            } catch (CorruptException | IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void contents(Walked walked) {
        byte[] part = new byte[5000];
        for (var paths : walked.paths.values()) {
            for (Walked.Found found : paths.subList(0, 1)) {
                try (Bytes content = found.open()) {
                    found.node().target();
                    found.node().attributes();
                    found.node().nameTimes();
                    content.zeros(0);
                    for (long at : new long[] {0, content.size() / 2, content.size() - 5000}) {
                        int length = (int) Math.min(part.length, content.size() - at);
                        if (at >= 0 && length > 0) {
                            content.read(at, part, 0, length);
                        }
                    }
                } catch (CorruptException | LayerException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Test
    void zero_is_no_time() {
        assertThat(FileTime.of(0)).isEmpty();
        assertThat(FileTime.of(1).orElseThrow().seconds())
                .isEqualTo(-Duration.ofDays(134_774).toSeconds());
    }
}
