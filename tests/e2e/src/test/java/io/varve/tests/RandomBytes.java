package io.varve.tests;

import java.io.InputStream;
import java.util.SplittableRandom;

/// So many bytes that nothing can pack, the same ones for the same seed.
final class RandomBytes extends InputStream {
    private final SplittableRandom random;
    private long left;

    RandomBytes(long seed, long size) {
        this.random = new SplittableRandom(seed);
        this.left = size;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        int count = (int) Math.min(left, length);
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, buffer, offset, count);
        left -= count;
        return count;
    }
}
