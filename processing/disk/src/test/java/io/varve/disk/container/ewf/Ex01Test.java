package io.varve.disk.container.ewf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Hostile;
import io.varve.disk.container.ImageFolder;
import io.varve.disk.container.Neighbours;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No free tool writes Ex01, so the images come from a builder; libewf reads them the same.
@Tag("disks")
class Ex01Test {
    @TempDir
    Path temporary;

    private final byte[] disk = disk();

    private static byte[] disk() {
        byte[] disk = ImageFolder.disk(2_000_384, 21);
        Arrays.fill(disk, 10 * 32768, 14 * 32768, (byte) 0);
        return disk;
    }

    private void make() throws Exception {
        List<byte[]> segments = new MadeEx01(disk, 2).segments();
        for (int i = 0; i < segments.size(); i++) {
            Files.write(temporary.resolve("image.Ex%02d".formatted(i + 1)), segments.get(i));
        }
    }

    @Test
    void the_disk_its_digests_its_holes_and_its_case_are_read() throws Exception {
        make();
        try (Container image = new ImageFolder(temporary).image(new Ewf(), "image.Ex01")) {
            assertThat(ImageFolder.all(image)).isEqualTo(disk);
            assertThat(image.format()).isEqualTo("Ex01");
            assertThat(image.storedDigests()).containsOnlyKeys("md5", "sha1");
            assertThat(image.notes()).contains("case number: case 9", "segments: 4");
            assertThat(image.zeros(10 * 32768)).isGreaterThanOrEqualTo(4 * 32768);
        }
    }

    @Test
    void missing_and_cut_segments_are_named() throws Exception {
        make();
        Path second = temporary.resolve("image.Ex02");
        byte[] whole = Files.readAllBytes(second);
        Files.write(second, Arrays.copyOf(whole, whole.length - 10));
        assertThatThrownBy(() -> new ImageFolder(temporary).image(new Ewf(), "image.Ex01"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("image.Ex02 is cut or damaged");
        Files.delete(second);
        assertThatThrownBy(() -> new ImageFolder(temporary).image(new Ewf(), "image.Ex01"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("image.Ex02 is missing");
    }

    @Tag("mutations")
    @Test
    void damaged_images_end_in_content_or_an_error() throws Exception {
        byte[] file = new MadeEx01(Arrays.copyOf(disk, 500_224), 9).segments().getFirst();
        Hostile.survives(
                file,
                bytes -> new Ewf().open("image.Ex01", Bytes.of(bytes), Neighbours.NONE),
                0,
                32,
                file.length - 64,
                file.length - 300,
                file.length - 700);
    }
}
