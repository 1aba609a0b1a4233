package io.varve.provider.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Crc32cTest {
    @Test
    void sums_of_blocks_are_the_sum_of_all_their_bytes() {
        byte[] bytes = new byte[10 * 512 + 77];
        new Random(5).nextBytes(bytes);
        Arrays.fill(bytes, 1024, 2048, (byte) 0);
        var blocks = new Crc32c(512);
        for (int at = 0; at + 512 <= bytes.length; at += 512) {
            blocks.block(Crc32c.of(Arrays.copyOfRange(bytes, at, at + 512), 512));
        }
        blocks.bytes(Arrays.copyOfRange(bytes, 5120, 5632), 77);
        assertThat(blocks.value()).isEqualTo(Crc32c.of(bytes, bytes.length));
    }

    @Test
    void the_known_value_of_nine_digits() {
        var digits = new Crc32c(3);
        digits.block(Crc32c.of("123".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 3));
        digits.block(Crc32c.of("456".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 3));
        digits.block(Crc32c.of("789".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 3));
        assertThat(digits.value()).isEqualTo(0xe3069283);
    }
}
