package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.volume.Keys;
import io.varve.disk.volume.Keys.Key;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Reading in tests.
final class Read {
    private Read() {}

    static Keys key(String kind, String value) {
        return new Keys(List.of(new Key(kind, value)));
    }

    static byte[] all(Bytes bytes) throws Exception {
        byte[] all = new byte[Math.toIntExact(bytes.size())];
        bytes.read(0, all, 0, all.length);
        return all;
    }

    /// Whole, and in pieces of every kind at any place.
    static void equal(Bytes bytes, byte[] expected) throws Exception {
        assertThat(bytes.size()).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(all(bytes), expected)).isEqualTo(-1);
        var random = new Random(7);
        byte[] target = new byte[200_000];
        for (int i = 0; i < 200; i++) {
            int offset = random.nextInt(expected.length);
            int length = Math.min(random.nextInt(i % 4 == 0 ? 200_000 : 5_000), expected.length - offset);
            bytes.read(offset, target, 0, length);
            assertThat(Arrays.mismatch(target, 0, length, expected, offset, offset + length))
                    .as("at %d, %d bytes", offset, length)
                    .isEqualTo(-1);
        }
    }
}
