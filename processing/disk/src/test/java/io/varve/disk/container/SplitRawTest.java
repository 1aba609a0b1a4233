package io.varve.disk.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class SplitRawTest {
    @TempDir
    Path temporary;

    private final byte[] disk = ImageFolder.disk(700_001, 3);

    @ParameterizedTest
    @CsvSource({
        "--numeric-suffixes=1,3,disk.001",
        "-d,3,disk.000",
        "--numeric-suffixes=1,4,disk.0001",
        "--suffix-length=2,2,disk.aa",
        "--suffix-length=3,3,disk.aaa"
    })
    void files_made_by_split_are_one_disk(String kind, int digits, String first) throws Exception {
        Files.write(temporary.resolve("disk"), disk);
        var folder = new ImageFolder(temporary);
        folder.run("split", "-b", "10000", kind, "-a", Integer.toString(digits), "disk", "disk.");
        assertThat(new SplitRaw().claims(first, folder.file(first))).isTrue();
        try (Container image = folder.image(new SplitRaw(), first)) {
            assertThat(ImageFolder.all(image)).isEqualTo(disk);
            assertThat(image.notes()).containsExactly("segments: 71");
            var random = new Random(1);
            for (int i = 0; i < 200; i++) {
                int offset = random.nextInt(disk.length);
                byte[] part = new byte[random.nextInt(Math.min(50_000, disk.length - offset))];
                image.read(offset, part, 0, part.length);
                assertThat(part).isEqualTo(Arrays.copyOfRange(disk, offset, offset + part.length));
            }
        }
    }

    @Test
    void a_missing_file_in_the_middle_is_named() throws Exception {
        for (String name : new String[] {"d.001", "d.002", "d.005"}) {
            Files.write(temporary.resolve(name), new byte[1024]);
        }
        assertThatThrownBy(() -> new ImageFolder(temporary).image(new SplitRaw(), "d.001"))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("d.003 is missing, d.005 is there");
    }

    @Test
    void empty_files_between_are_passed_over() throws Exception {
        Files.write(temporary.resolve("d.001"), new byte[] {1, 2, 3, 4});
        Files.write(temporary.resolve("d.002"), new byte[0]);
        Files.write(temporary.resolve("d.003"), new byte[] {5});
        try (Container image = new ImageFolder(temporary).image(new SplitRaw(), "d.001")) {
            assertThat(ImageFolder.all(image)).containsExactly(1, 2, 3, 4, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk.002", "disk.raw", "a.7z.001", "a.zip.001", "notes.ab", "x.01"})
    void other_names_are_not_claimed(String name) throws Exception {
        assertThat(new SplitRaw().claims(name, Bytes.of(new byte[512]))).isFalse();
    }

    @Test
    void a_split_archive_is_not_claimed() throws Exception {
        assertThat(new SplitRaw().claims("backup.001", Bytes.of(new byte[] {'P', 'K', 3, 4, 0, 0})))
                .isFalse();
    }
}
