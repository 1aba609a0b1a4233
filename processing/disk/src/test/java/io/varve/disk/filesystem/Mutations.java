package io.varve.disk.filesystem;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// Bytes with some of them changed or cut off, always the same way for the same seed.
public final class Mutations {
    /// How many mutations a test tries; a slow run sets more.
    public static final int COUNT = Integer.getInteger("varve.mutations", 200);

    private Mutations() {}

    public interface Reader {
        void read(Bytes bytes) throws Exception;
    }

    /// Lets a reader read each mutation; only the errors that evidence may cause are let pass.
    ///
    /// @param places where structures lie: changes are made in the 4 KiB from each on
    public static void each(byte[] whole, long[] places, int count, Reader reader) throws Exception {
        for (int seed = 0; seed < count; seed++) {
            byte[] changed = mutated(whole, places, new Random(seed));
            try {
                reader.read(Bytes.of(changed));
            } catch (CorruptException | LayerException e) {
                continue;
            } catch (IOException e) {
                continue;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation " + seed, e);
            }
        }
    }

    private static byte[] mutated(byte[] whole, long[] places, Random random) {
        byte[] changed = whole.clone();
        if (random.nextInt(20) == 0) {
            return Arrays.copyOf(changed, random.nextInt(changed.length));
        }
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
            long at = places[random.nextInt(places.length)] + random.nextInt(random.nextBoolean() ? 4096 : 256);
            if (at < changed.length) {
                changed[(int) at] = random.nextInt(4) == 0 ? (byte) -random.nextInt(2) : (byte) random.nextInt(256);
            }
        }
        return changed;
    }
}
