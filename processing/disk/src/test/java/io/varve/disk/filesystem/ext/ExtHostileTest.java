package io.varve.disk.filesystem.ext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images with wrong bytes end in content, an exception that says what is wrong, or a loss that is told.
@Tag("disks")
class ExtHostileTest {
    private static final int MUTATIONS = Integer.getInteger("varve.mutations", 200);
    private static final int READ = 1 << 20;
    private static final int MOST_NAMES = 100_000;

    @TempDir
    Path folder;

    @BeforeAll
    static void tools() {
        ExtImage.assumeTools("mke2fs", "truncate");
    }

    @Tag("mutations")
    @Test
    void mutatedImagesHarmNothing() throws Exception {
        List<byte[]> images = new ArrayList<>();
        for (String options : new String[] {
            "-t ext2 -b 1024 -I 128",
            "-t ext4 -b 1024 -O inline_data,^has_journal",
            "-t ext4 -b 4096 -O ^has_journal,bigalloc"
        }) {
            images.add(Files.readAllBytes(image(options)));
        }
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] original = images.get(i % images.size());
            var random = new Random(i);
            byte[] mutated = random.nextInt(8) == 0
                    ? Arrays.copyOf(original, random.nextInt(original.length))
                    : original.clone();
            int area = Math.min(mutated.length, random.nextBoolean() ? 16 << 10 : 400 << 10);
            for (int flips = 1 + random.nextInt(60); flips > 0 && area > 0; flips--) {
                int at = random.nextInt(4) == 0 && area > 2048 ? 1024 + random.nextInt(1024) : random.nextInt(area);
                mutated[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            int number = i;
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThatCode(() -> walk(mutated))
                            .as("mutation %d", number)
                            .doesNotThrowAnyException());
        }
    }

    /// Reads everything; the exceptions that may be thrown are caught.
    private static void walk(byte[] image) {
        try {
            Bytes bytes = Bytes.of(image);
            if (!new ExtFormat().claims(bytes)) {
                return;
            }
            int[] names = new int[1];
            try (FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
                new ExtWalk().walk(fileSystem, (path, node) -> {
                    assertThat(node.name()).isNotEmpty().doesNotContain("/");
                    assertThat(node.times()).isNotNull();
                    if (names[0]++ < MOST_NAMES) {
                        touch(node);
                    }
                });
            }
        } catch (CorruptException | IOException expected) {
            assertThat(expected).hasMessageMatching("(?s).{10,}");
        }
    }

    private static void touch(Node node) {
        try {
            node.target();
            node.attributes();
            try (Bytes content = node.open()) {
                byte[] buffer = new byte[(int) Math.min(READ, content.size())];
                content.read(0, buffer, 0, buffer.length);
                content.zeros(content.size() / 2);
            }
        } catch (CorruptException | IOException expected) {
            assertThat(expected).hasMessageMatching("(?s).{10,}");
        }
    }

    private Path image(String options) throws IOException {
        Path source = folder.resolve("source");
        if (Files.notExists(source)) {
            Files.createDirectory(source);
            for (int i = 0; i < 60; i++) {
                Files.writeString(
                        source.resolve("file-" + i), "content %d ".formatted(i).repeat(1 + 30 * i));
            }
            Path deep = Files.createDirectories(source.resolve("a/b/c"));
            Files.createSymbolicLink(deep.resolve("long"), Path.of("t".repeat(200)));
            Files.createSymbolicLink(deep.resolve("short"), Path.of("target"));
            Files.writeString(deep.resolve("large"), "large".repeat(100_000));
        }
        return ExtImage.empty(folder, "6", (options + " -d " + source).split(" ")).image;
    }
}
