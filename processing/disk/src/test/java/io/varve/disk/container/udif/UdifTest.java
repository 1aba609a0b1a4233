package io.varve.disk.container.udif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Hostile;
import io.varve.disk.container.ImageFolder;
import io.varve.disk.container.Neighbours;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("disks")
class UdifTest {
    private static final int SECTORS = 4000;

    @TempDir
    Path temporary;

    private final byte[] disk = ImageFolder.disk(SECTORS * 512, 11);

    private Container open(byte[] file) throws Exception {
        return new Udif().open("disk.dmg", Bytes.of(file), Neighbours.NONE);
    }

    /// hdiutil stores a CRC-32 of every table's sectors: the image itself says what is right.
    @Test
    void the_image_of_the_corpus_matches_the_checksums_in_it_and_qemu() throws Exception {
        ImageFolder folder = ImageFolder.corpus("dmg");
        byte[] file = Files.readAllBytes(folder.folder().resolve("hfsplus_zlib.dmg"));
        try (Container image = folder.image(new Udif(), "hfsplus_zlib.dmg")) {
            byte[] all = ImageFolder.all(image);
            Matcher tables = Pattern.compile("<data>\\s*(bWlza[^<]*)</data>")
                    .matcher(new String(file, StandardCharsets.ISO_8859_1));
            int checked = 0;
            for (; tables.find(); checked++) {
                var table = ByteBuffer.wrap(Base64.getMimeDecoder().decode(tables.group(1)));
                var crc = new CRC32();
                for (int entry = 204; table.getInt(entry) != -1; entry += 40) {
                    // free space does not count
                    if (table.getInt(entry) != 2) {
                        long sector = table.getLong(8) + table.getLong(entry + 8);
                        crc.update(all, (int) sector * 512, (int) table.getLong(entry + 16) * 512);
                    }
                }
                assertThat((int) crc.getValue()).isEqualTo(table.getInt(72));
            }
            assertThat(checked).isEqualTo(7);
            Path raw = temporary.resolve("raw");
            new ImageFolder(temporary)
                    .run(
                            "qemu-img",
                            "convert",
                            "-f",
                            "dmg",
                            "-O",
                            "raw",
                            folder.folder().resolve("hfsplus_zlib.dmg").toString(),
                            raw.toString());
            assertThat(all).isEqualTo(Files.readAllBytes(raw));
        }
    }

    @Test
    void every_kind_of_block_is_read_at_any_place() throws Exception {
        Arrays.fill(disk, 900 * 512, 1200 * 512, (byte) 0);
        byte[] file = new MadeDmg(disk)
                .add("zlib", 0, 300)
                .add("bzip2", 300, 300)
                .add("raw", 600, 300)
                .add("zero", 900, 300)
                .add("adc", 1200, 300)
                .add("lzma", 1500, 300)
                .add("zlib", 1800, SECTORS - 1800)
                .file();
        assertThat(new Udif().claims("disk.dmg", Bytes.of(file))).isTrue();
        try (Container image = open(file)) {
            assertThat(ImageFolder.all(image)).isEqualTo(disk);
            assertThat(image.zeros(900 * 512 + 5)).isEqualTo(300 * 512 - 5);
            assertThat(image.zeros(0)).isZero();
            var random = new Random(2);
            for (int i = 0; i < 100; i++) {
                int offset = random.nextInt(disk.length);
                byte[] part = new byte[random.nextInt(Math.min(300_000, disk.length - offset))];
                image.read(offset, part, 0, part.length);
                assertThat(Arrays.equals(part, 0, part.length, disk, offset, offset + part.length))
                        .isTrue();
            }
        }
    }

    @Test
    void qemu_reads_what_the_builder_makes() throws Exception {
        byte[] file =
                new MadeDmg(disk).add("zlib", 0, 1000).add("raw", 1000, 3000).file();
        Files.write(temporary.resolve("disk.dmg"), file);
        new ImageFolder(temporary).run("qemu-img", "convert", "-f", "dmg", "-O", "raw", "disk.dmg", "raw");
        assertThat(Files.readAllBytes(temporary.resolve("raw"))).isEqualTo(disk);
    }

    @Test
    void a_damaged_block_costs_its_sectors_and_is_named() throws Exception {
        byte[] file =
                new MadeDmg(disk).add("zlib", 0, 2000).add("zlib", 2000, 2000).file();
        file[100] ^= 0x55;
        file[101] ^= 0x55;
        try (Container image = open(file)) {
            assertThatThrownBy(() -> image.read(0, new byte[512], 0, 512))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("sectors 0 to 2000");
            byte[] rest = new byte[2000 * 512];
            image.read(2000 * 512, rest, 0, rest.length);
            assertThat(Arrays.equals(rest, 0, rest.length, disk, 2000 * 512, disk.length))
                    .isTrue();
        }
    }

    @Test
    void encrypted_and_cut_images_and_outside_entities_are_errors() throws Exception {
        byte[] encrypted = Arrays.copyOf("encrcdsa".getBytes(StandardCharsets.US_ASCII), 4096);
        assertThat(new Udif().claims("x.dmg", Bytes.of(encrypted))).isTrue();
        assertThatThrownBy(() -> open(encrypted))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("is encrypted");
        byte[] file = new MadeDmg(disk).add("raw", 0, SECTORS).file();
        assertThatThrownBy(() -> open(Arrays.copyOf(file, 10_000)))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("has no trailer");
        Path secret = Files.writeString(temporary.resolve("secret"), "bWlzaAAAAAE=");
        String xml =
                "<!DOCTYPE plist [<!ENTITY x SYSTEM \"%s\">]><plist><dict><key>blkx</key><array><dict><key>Data</key>"
                                .formatted(secret.toUri())
                        + "<data>&x;</data></dict></array></dict></plist>";
        assertThatThrownBy(() -> BlockTable.of(PropertyList.blocks(xml.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(CorruptException.class);
        assertThatThrownBy(() -> PropertyList.blocks("<a>".repeat(100_000).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("nested");
    }

    @Tag("mutations")
    @Test
    void damaged_images_end_in_content_or_an_error() throws Exception {
        byte[] file = new MadeDmg(disk)
                .add("zlib", 0, 30)
                .add("bzip2", 100, 30)
                .add("adc", 200, 30)
                .add("lzma", 300, 30)
                .add("raw", 400, 30)
                .file();
        int list = new String(file, StandardCharsets.ISO_8859_1).indexOf("<?xml");
        Hostile.survives(
                file,
                bytes -> new Udif().open("disk.dmg", Bytes.of(bytes), Neighbours.NONE),
                list,
                list + 300,
                list + 600,
                file.length - 512,
                file.length - 300,
                0);
    }
}
