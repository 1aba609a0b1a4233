package io.varve.disk.container;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// Damages an image in many ways; whatever comes of it must be content or an error that says so.
public final class Hostile {
    private static final int MUTATIONS = Integer.getInteger("varve.mutations", 200);
    private static final int READS = 32;

    private Hostile() {}

    /// Opens damaged bytes.
    public interface Opener {
        Bytes open(byte[] image) throws IOException;
    }

    /// @param places offsets of headers and tables, hit more often than the rest
    public static void survives(byte[] image, Opener opener, int... places) {
        var random = new Random(4);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] damaged = damaged(image, random, places);
            try (Bytes opened = opener.open(damaged)) {
                readSome(opened, random);
            } catch (IOException | CorruptException e) {
                // said so
            }
        }
    }

    private static byte[] damaged(byte[] image, Random random, int... places) {
        byte[] damaged = image.clone();
        int flips = 1 + random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            int place = places.length > 0 && random.nextInt(4) > 0
                    ? places[random.nextInt(places.length)] + random.nextInt(128)
                    : random.nextInt(image.length);
            byte value = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> 0x7f;
                default -> (byte) random.nextInt();
            };
            damaged[Math.floorMod(place, image.length)] = value;
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(damaged, random.nextInt(image.length)) : damaged;
    }

    private static void readSome(Bytes opened, Random random) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (int i = 0; i < READS; i++) {
            long size = opened.size();
            if (size <= 0) {
                return;
            }
            long offset = i < READS / 2 ? Math.min(size - 1, (long) i * buffer.length) : random.nextLong(size);
            int length = (int) Math.min(buffer.length, size - offset);
            try {
                opened.read(offset, buffer, 0, length);
                opened.zeros(offset);
            } catch (IOException | CorruptException e) {
                // this part is lost, others may be there
            }
        }
    }
}
