package io.varve.disk.filesystem.ntfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A volume filled through ntfs-3g: every file is equal to its source, and every name is as fls prints it.
@Tag("disks")
class NtfsVolumeTest {
    private static final int LINKS = 60;

    @TempDir
    static Path scratch;

    private static final Map<String, byte[]> SOURCES = new LinkedHashMap<>();
    private static final Random RANDOM = new Random(4);
    private static Bytes volume = Bytes.of(new byte[0]);
    private static Walked walked;

    @BeforeAll
    static void make() throws Exception {
        Path image;
        try (Mounted mounted = Mounted.make(scratch, 96 << 20)) {
            image = mounted.image();
            plain(mounted.folder());
            compressed(mounted);
            sparse(mounted.folder());
            fragmented(mounted.folder());
            special(mounted);
            renamed(mounted.folder());
            deleted(mounted.folder());
        }
        volume = FileBytes.open(image);
        walked = Walked.of(new Ntfs().open(volume).getFirst());
    }

    @AfterAll
    static void close() throws Exception {
        volume.close();
    }

    private static void source(Path folder, String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        SOURCES.put("/" + path, content);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(int size) {
        var text = new StringBuilder(size + 40);
        while (text.length() < size) {
            text.append("line ").append(RANDOM.nextInt(500)).append(" of a log that repeats itself\n");
        }
        return text.substring(0, size).getBytes(UTF_8);
    }

    private static void plain(Path folder) throws IOException {
        for (int size : new int[] {0, 1, 511, 600, 700, 800, 4095, 4096, 4097, 70_000, 1_500_000}) {
            source(folder, "sizes/file of %d bytes.bin".formatted(size), random(size));
        }
        String[] names = {
            "日本語 ü.txt",
            "emoji 😀.txt",
            "x".repeat(255),
            "a",
            ".hidden",
            "space at end ",
            "dots..",
            "semi;comma,",
            "100%.txt",
            "UPPER.TXT",
            "ÿþ",
            "name with\nnewline",
            "bang!",
            "com1.txt",
            "tab\there"
        };
        for (String name : names) {
            source(folder, "names/" + name, name.getBytes(UTF_8));
        }
        source(folder, "deep/" + "folder/".repeat(40) + "file.txt", "deep".getBytes(UTF_8));
        for (int i = 0; i < 600; i++) {
            source(
                    folder,
                    "many/a file with a rather long name, number %04d.txt".formatted(i),
                    ("" + i).getBytes(UTF_8));
        }
        source(folder, "links/first.txt", random(5000));
        for (int i = 0; i < LINKS; i++) {
            String name = "links/" + "long ".repeat(20) + i;
            Files.createLink(folder.resolve(name), folder.resolve("links/first.txt"));
            SOURCES.put("/" + name, SOURCES.getOrDefault("/links/first.txt", new byte[0]));
        }
    }

    private static void compressed(Mounted mounted) throws Exception {
        Path packed = Files.createDirectories(mounted.folder().resolve("packed"));
        // compressed: what is made in the folder is, too
        mounted.attribute(packed, "system.ntfs_attrib", new byte[] {0x10, 0x08, 0, 0});
        for (int size : new int[] {100, 3000, 5000, 65_536, 65_537, 300_000, 1_000_000}) {
            source(mounted.folder(), "packed/text %d".formatted(size), text(size));
        }
        source(mounted.folder(), "packed/random", random(200_000));
        byte[] mixed = text(400_000);
        System.arraycopy(random(150_000), 0, mixed, 100_000, 150_000);
        Arrays.fill(mixed, 280_000, 380_000, (byte) 0);
        source(mounted.folder(), "packed/mixed", mixed);
    }

    private static void sparse(Path folder) throws IOException {
        byte[] content = new byte[5_000_000];
        try (FileChannel file = FileChannel.open(
                Files.createDirectories(folder.resolve("sparse")).resolve("holes"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            for (int at : new int[] {1_000_000, 3_000_123, 4_999_000}) {
                byte[] part = random(1000);
                System.arraycopy(part, 0, content, at, 1000);
                file.write(ByteBuffer.wrap(part), at);
            }
        }
        SOURCES.put("/sparse/holes", content);
    }

    private static void fragmented(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("pieces"));
        List<FileChannel> files = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            files.add(FileChannel.open(
                    folder.resolve("pieces/" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            contents.add(random(4096 * 900));
            SOURCES.put("/pieces/" + i, contents.get(i));
        }
        for (int piece = 0; piece < 900; piece++) {
            for (int i = 0; i < 2; i++) {
                files.get(i).write(ByteBuffer.wrap(contents.get(i), piece * 4096, 4096));
            }
        }
        for (FileChannel file : files) {
            file.close();
        }
    }

    private static void special(Mounted mounted) throws Exception {
        Path folder = mounted.folder();
        source(folder, "streams/setup.exe", "MZ".getBytes(UTF_8));
        stream(folder, "streams/setup.exe", "Zone.Identifier", "[ZoneTransfer]\r\nZoneId=3\r\n".getBytes(UTF_8));
        stream(folder, "streams/setup.exe", "big", random(60_000));
        stream(folder, "streams", "of a folder", "hidden".getBytes(UTF_8));
        for (int i = 0; i < 40; i++) {
            stream(folder, "streams/setup.exe", "many " + i, random(i * 30));
        }
        source(folder, "times/dated.txt", "dated".getBytes(UTF_8));
        ByteBuffer times = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        times.putLong(130_559_170_031_234_567L).putLong(130_560_034_030_000_001L);
        times.putLong(130_560_070_030_000_000L).putLong(130_560_070_030_000_009L);
        mounted.attribute(folder.resolve("times/dated.txt"), "system.ntfs_times", times.array());
        reparse(
                mounted,
                "reparse/symlink",
                false,
                0xa000_000c,
                "\\??\\C:\\Windows\\notepad.exe",
                "C:\\Windows\\notepad.exe");
        reparse(mounted, "reparse/junction", true, 0xa000_0003, "\\??\\D:\\Data", "D:\\Data");
        Files.createSymbolicLink(folder.resolve("reparse/by ln"), Path.of("../streams/setup.exe"));
    }

    private static void stream(Path folder, String path, String name, byte[] content) throws IOException {
        Files.getFileAttributeView(folder.resolve(path), UserDefinedFileAttributeView.class)
                .write(name, ByteBuffer.wrap(content));
        SOURCES.put("/" + path + ":" + name, content);
    }

    private static void reparse(
            Mounted mounted, String path, boolean directory, int tag, String substitute, String shown)
            throws Exception {
        Path link = mounted.folder().resolve(path);
        Files.createDirectories(directory ? link : link.getParent());
        if (!directory) {
            Files.createFile(link);
        }
        byte[] first = substitute.getBytes(StandardCharsets.UTF_16LE);
        byte[] second = shown.getBytes(StandardCharsets.UTF_16LE);
        int header = directory ? 8 : 12;
        int zeros = directory ? 2 : 0;
        ByteBuffer value = ByteBuffer.allocate(8 + header + first.length + second.length + 2 * zeros)
                .order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(tag).putShort((short) (value.capacity() - 8)).putShort((short) 0);
        value.putShort((short) 0).putShort((short) first.length);
        value.putShort((short) (first.length + zeros)).putShort((short) second.length);
        if (!directory) {
            value.putInt(0);
        }
        value.put(first).position(value.position() + zeros).put(second);
        mounted.attribute(link, "system.ntfs_reparse_data", value.array());
    }

    private static void deleted(Path folder) throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.createDirectories(folder.resolve("gone"));
            Files.write(folder.resolve("gone/removed file number %04d".formatted(i)), ("content " + i).getBytes(UTF_8));
        }
        Files.createDirectories(folder.resolve("removed folder/inside"));
        byte[] content = random(20_000);
        Files.write(folder.resolve("removed folder/inside/content.bin"), content);
        SOURCES.put("/removed folder/inside/content.bin", content);
        Files.delete(folder.resolve("removed folder/inside/content.bin"));
        Files.delete(folder.resolve("removed folder/inside"));
        Files.delete(folder.resolve("removed folder"));
        for (int i = 100; i < 300; i++) {
            Files.delete(folder.resolve("gone/removed file number %04d".formatted(i)));
        }
        Files.write(folder.resolve("new file in an old record"), "new".getBytes(UTF_8));
    }

    /// A block that is split keeps in its slack what was moved to the new one.
    private static void renamed(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("renamed"));
        for (int i = 0; i < 100; i++) {
            Files.write(
                    folder.resolve("renamed/a name that is long enough for blocks %04d".formatted(i)), new byte[] {65});
        }
        for (int i = 20; i < 40; i++) {
            Files.move(
                    folder.resolve("renamed/a name that is long enough for blocks %04d".formatted(i)),
                    folder.resolve("moved " + i));
        }
    }

    @Test
    void every_file_and_stream_equals_its_source() throws Exception {
        for (Map.Entry<String, byte[]> source : SOURCES.entrySet()) {
            Walked.Found found = walked.one(source.getKey());
            assertThat(found.size()).as(source.getKey()).isEqualTo(source.getValue().length);
            try (Bytes content = found.open()) {
                byte[] bytes = new byte[(int) content.size()];
                content.read(0, bytes, 0, bytes.length);
                assertThat(bytes).as(source.getKey()).isEqualTo(source.getValue());
            }
        }
        assertThat(walked.problems).isEmpty();
    }

    @Test
    void parts_of_files_are_read_at_any_place() throws Exception {
        for (String path : List.of("/packed/mixed", "/sparse/holes", "/pieces/0", "/packed/text 1000000")) {
            byte[] source = SOURCES.getOrDefault(path, new byte[0]);
            try (Bytes content = walked.one(path).open()) {
                for (int i = 0; i < 200; i++) {
                    int at = RANDOM.nextInt(source.length);
                    byte[] part = new byte[Math.min(RANDOM.nextInt(100_000), source.length - at)];
                    content.read(at, part, 0, part.length);
                    assertThat(Arrays.equals(part, 0, part.length, source, at, at + part.length))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void holes_are_told() throws Exception {
        try (Bytes content = walked.one("/sparse/holes").open()) {
            assertThat(content.zeros(0)).isBetween(990_000L, 1_000_000L);
            assertThat(content.zeros(1_000_000)).isZero();
        }
    }

    @Test
    void names_and_times_are_those_of_fls() throws Exception {
        Shell.need("fls");
        Path body = scratch.resolve("body");
        Files.writeString(
                body,
                Shell.run("fls", "-r", "-m", "/", scratch.resolve("volume.img").toString()));
        // fls takes entries of index blocks that are no longer in use for names in use, though their records are free;
        // and it writes control characters as ^
        assertThat(BodyFile.differences(body, walked).stream()
                        .filter(difference -> !difference.matches("missing /(gone|renamed)/.*|.*\\^.*")))
                .isEmpty();
    }

    @Test
    void hard_links_are_names_of_one_file() {
        assertThat(walked.one("/links/first.txt").node().links()).isEqualTo(LINKS + 1);
        assertThat(walked.one("/links/" + "long ".repeat(20) + 7).node().inode())
                .isEqualTo(walked.one("/links/first.txt").node().inode());
    }

    @Test
    void times_keep_100_nanoseconds() {
        var times = walked.one("/times/dated.txt").node().times();
        assertThat(times.created()).isEqualTo(FileTime.of(130_559_170_031_234_567L));
        assertThat(times.created().orElseThrow().nanos()).isEqualTo(123_456_700);
        assertThat(times.modified()).isEqualTo(FileTime.of(130_560_034_030_000_001L));
        assertThat(times.accessed()).isEqualTo(FileTime.of(130_560_070_030_000_000L));
        assertThat(walked.one("/times/dated.txt").node().nameTimes()).isPresent();
    }

    @Test
    void links_lead_to_their_targets() throws Exception {
        assertThat(walked.one("/reparse/symlink").node().target()).contains("C:\\Windows\\notepad.exe");
        assertThat(walked.one("/reparse/symlink").node().type()).isEqualTo(Type.LINK);
        assertThat(walked.one("/reparse/junction").node().target()).contains("D:\\Data");
        assertThat(walked.one("/reparse/junction").node().type()).isEqualTo(Type.LINK);
    }

    @Test
    void deleted_names_and_contents_are_found() throws Exception {
        for (int i = 100; i < 300; i++) {
            Walked.Found found = walked.one("/gone/removed file number %04d".formatted(i));
            assertThat(found.node().allocated()).isFalse();
            if (found.node() instanceof IndexNode) {
                assertThat(found.node().inode())
                        .isEqualTo(
                                walked.one("/new file in an old record").node().inode());
                assertThatThrownBy(found::open).isInstanceOf(LayerException.class);
            } else {
                assertThat(content(found)).isEqualTo("content " + i);
            }
        }
        assertThat(walked.one("/removed folder").node().allocated()).isFalse();
    }

    @Test
    void a_name_that_was_moved_away_is_found_in_the_slack_of_the_index() throws Exception {
        int seen = 0;
        for (int i = 20; i < 40; i++) {
            Walked.Found moved = walked.one("/moved " + i);
            assertThat(moved.node().allocated()).isTrue();
            String path = "/renamed/a name that is long enough for blocks %04d".formatted(i);
            for (Walked.Found before : walked.paths.getOrDefault(path, List.of())) {
                assertThat(before.node().allocated()).isFalse();
                assertThat(before.node().inode()).isEqualTo(moved.node().inode());
                assertThat(content(before)).isEqualTo("A");
                seen++;
            }
        }
        assertThat(seen).isBetween(5, 20);
    }

    private static String content(Walked.Found found) throws IOException {
        try (Bytes content = found.open()) {
            byte[] bytes = new byte[(int) content.size()];
            content.read(0, bytes, 0, bytes.length);
            return new String(bytes, UTF_8);
        }
    }

    @Test
    void the_label_is_read() throws Exception {
        assertThat(new Ntfs().open(volume).getFirst().label()).contains("Label ü");
    }
}
