package io.varve.provider.crowdstrike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.evidence.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
class SevenZipTest {
    @TempDir
    Path folder = Path.of("");

    private Path archive(String password, byte[]... files) throws IOException {
        Path archive = folder.resolve("x.7z");
        try (var out = new SevenZOutputFile(archive.toFile(), password.toCharArray())) {
            for (byte[] file : files) {
                var entry = new SevenZArchiveEntry();
                entry.setName("../../etc/passwd");
                entry.setSize(file.length);
                out.putArchiveEntry(entry);
                out.write(file);
                out.closeArchiveEntry();
            }
        }
        return archive;
    }

    private void assertRefused(Path archive, long size) {
        Path target = folder.resolve("out");
        assertThatThrownBy(() -> SevenZip.unpack(archive, target, size)).isInstanceOf(IOException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void unpacksTheOneFileToWhereItIsToldTo() throws IOException {
        byte[] file = "content".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Path target = folder.resolve("out");
        assertThat(SevenZip.unpack(archive("infected", file), target, file.length))
                .isEqualTo(Digest.of(file));
        assertThat(target).hasBinaryContent(file);
    }

    @Test
    void refusesABombAndAnythingButTheOneFile() throws IOException {
        assertRefused(archive("infected", new byte[32 << 20]), 1000);
        assertRefused(archive("infected", new byte[10], new byte[10]), 10);
        assertRefused(archive("infected", new byte[9]), 10);
        assertRefused(archive("other", new byte[10]), 10);
    }

    @Test
    void damageEndsInAnErrorAndNothingElse() throws IOException {
        byte[] good = Files.readAllBytes(archive("infected", new byte[5000]));
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bad = good.clone();
            int flips = 1 + random.nextInt(4);
            for (int flip = 0; flip < flips; flip++) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path archive = Files.write(folder.resolve("bad.7z"), bad);
            try {
                // Some bits do not matter.
                assertThat(SevenZip.unpack(archive, folder.resolve("out"), 5000))
                        .isEqualTo(Digest.of(new byte[5000]));
            } catch (IOException e) {
                assertThat(e).hasMessageNotContaining("passwd");
            }
        }
    }
}
