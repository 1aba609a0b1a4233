package io.varve.disk.container.udif;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.CorruptException;
import io.varve.disk.container.Hostile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The compressed files were made by the reference implementation (PyPI pyliblzfse 0.4.1) of content made here again.
@Tag("disks")
class LzfseTest {
    private static byte[] pseudoRandom(int count, int seed) {
        int state = seed;
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            state = state * 1103515245 + 12345 & 0x7fffffff;
            bytes[i] = (byte) (state >> 16);
        }
        return bytes;
    }

    private static byte[] text() {
        byte[] random = pseudoRandom(6000, 7);
        String[] deeds = {"log in", "log out", "delete a file", "sudo"};
        var text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append("line %d of a log: user %d did %s\n"
                    .formatted(i, (random[2 * i] & 0xff) % 50, deeds[random[2 * i + 1] & 3]));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] content(String name) {
        return switch (name) {
            case "text" -> text();
            case "small" -> ("abcabcabcabd".repeat(40) + "xyz").getBytes(StandardCharsets.US_ASCII);
            case "noise" -> pseudoRandom(300, 3);
            default -> {
                var mixed = new ByteArrayOutputStream();
                mixed.write(text(), 0, 30_000);
                mixed.writeBytes(pseudoRandom(20_000, 5));
                mixed.writeBytes(new byte[10_000]);
                mixed.write(text(), 0, 9_000);
                yield mixed.toByteArray();
            }
        };
    }

    private static byte[] compressed(String name) throws IOException {
        try (var in = LzfseTest.class.getResourceAsStream(name + ".lzfse")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "small", "noise", "mixed"})
    void what_the_reference_implementation_made_expands_to_its_source(String name) throws Exception {
        byte[] content = content(name);
        byte[] target = new byte[content.length];
        assertThat(Lzfse.expand(compressed(name), target)).isEqualTo(content.length);
        assertThat(target).isEqualTo(content);
    }

    @Tag("mutations")
    @Test
    void damaged_streams_end_in_bytes_or_an_error() throws Exception {
        for (String name : new String[] {"small", "mixed"}) {
            int length = content(name).length;
            Hostile.survives(
                    compressed(name),
                    stored -> {
                        byte[] target = new byte[length];
                        int count = Lzfse.expand(stored, target);
                        if (count > length) {
                            throw new AssertionError(count);
                        }
                        throw new CorruptException("nothing to read");
                    },
                    0,
                    30);
        }
    }
}
