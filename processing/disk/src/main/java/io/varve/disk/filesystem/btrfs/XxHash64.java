package io.varve.disk.filesystem.btrfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// XXH64 with a seed of zero (<https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>).
final class XxHash64 {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private final ByteBuffer rest;
    private final long length;

    XxHash64(byte[] bytes, int start, int length) {
        this.rest = ByteBuffer.wrap(bytes, start, length).order(ByteOrder.LITTLE_ENDIAN);
        this.length = length;
    }

    long value() {
        long hash = (length >= 32 ? stripes() : PRIME_5) + length;
        while (rest.remaining() >= 8) {
            hash = Long.rotateLeft(hash ^ round(0, rest.getLong()), 27) * PRIME_1 + PRIME_4;
        }
        if (rest.remaining() >= 4) {
            hash = Long.rotateLeft(hash ^ (rest.getInt() & 0xffff_ffffL) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        }
        while (rest.hasRemaining()) {
            hash = Long.rotateLeft(hash ^ (rest.get() & 0xff) * PRIME_5, 11) * PRIME_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private long stripes() {
        // the first is PRIME_1 + PRIME_2, which overflows
        long[] lanes = {0x60EA27EEADC0B5D6L, PRIME_2, 0, -PRIME_1};
        while (rest.remaining() >= 32) {
            for (int i = 0; i < 4; i++) {
                lanes[i] = round(lanes[i], rest.getLong());
            }
        }
        long hash = Long.rotateLeft(lanes[0], 1)
                + Long.rotateLeft(lanes[1], 7)
                + Long.rotateLeft(lanes[2], 12)
                + Long.rotateLeft(lanes[3], 18);
        for (long lane : lanes) {
            hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
        }
        return hash;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }
}
