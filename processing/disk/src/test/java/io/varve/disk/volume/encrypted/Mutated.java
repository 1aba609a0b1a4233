package io.varve.disk.volume.encrypted;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Slice;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// Damages an image again and again, the same way in each run, and has it read.
public final class Mutated {
    private static final int COUNT = Integer.getInteger("varve.mutations", 200);

    private Mutated() {}

    /// Reads a damaged image; may fail as hostile bytes may.
    public interface Reading {
        void of(Bytes image) throws Exception;
    }

    /// Makes a damage that would be found out at once hard to find, e.g. a checksum.
    public interface Mending {
        void of(byte[] image) throws Exception;
    }

    /// @param ranges starts and ends of what is damaged
    public static void read(byte[] whole, int[] ranges, Mending mending, Reading reading) throws Exception {
        byte[] image = whole.clone();
        int read = 0;
        for (int number = 0; number < COUNT; number++) {
            var random = new Random(number);
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                int range = random.nextInt(ranges.length / 2) * 2;
                int at = ranges[range] + random.nextInt(ranges[range + 1] - ranges[range]);
                image[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte) 0xff;
                    case 1 -> 0;
                    case 2 -> (byte) (image[at] ^ 1 << random.nextInt(8));
                    default -> (byte) random.nextInt(256);
                };
            }
            mending.of(image);
            int length = random.nextInt(8) == 0 ? random.nextInt(image.length) : image.length;
            try {
                reading.of(new Slice(Bytes.of(image), 0, length));
                read++;
            } catch (CorruptException | IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            System.arraycopy(whole, 0, image, 0, whole.length);
        }
        assertThat(read).as("of %d damaged images read", COUNT).isPositive();
    }

    /// Reads the start, the end and places between.
    public static void some(Bytes bytes) throws IOException {
        byte[] target = new byte[100_000];
        int length = (int) Math.min(target.length, bytes.size());
        bytes.read(0, target, 0, length);
        bytes.read(bytes.size() - length, target, 0, length);
        for (long at = 0; at + 512 < bytes.size(); at += Math.max(4096, bytes.size() / 50)) {
            bytes.read(at, target, 0, 512);
            assertThat(bytes.zeros(at)).isBetween(0L, bytes.size() - at);
        }
        Arrays.fill(target, (byte) 0);
    }
}
