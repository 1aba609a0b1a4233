package io.varve.disk.volume.encrypted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/// Argon2i and Argon2id version 1.3 (RFC 9106), its memory outside the heap: LUKS2 headers ask for 1 GiB by default,
/// as much as the engine's whole heap. Lanes run side by side.
///
/// @param type 1 for Argon2i, 2 for Argon2id
/// @param memory KiB
record Argon2(int type, int passes, int memory, int lanes) {
    private static final int SLICES = 4;
    private static final int WORDS = 128;
    private static final int BLOCK = 1024;
    private static final int VERSION = 0x13;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Fewest KiB that this many lanes need.
    static int least(int lanes) {
        return 2 * SLICES * lanes;
    }

    /// @throws OutOfMemoryError when the machine has not that much
    byte[] derive(byte[] password, byte[] salt, int length) {
        try (Arena arena = Arena.ofShared()) {
            var filling = new Filling(arena);
            filling.start(first(password, salt, length));
            for (int pass = 0; pass < passes; pass++) {
                for (int slice = 0; slice < SLICES; slice++) {
                    int thisPass = pass;
                    int thisSlice = slice;
                    IntStream.range(0, lanes).parallel().forEach(lane -> filling.segment(thisPass, thisSlice, lane));
                }
            }
            return stretched(filling.end(), length);
        }
    }

    private byte[] first(byte[] password, byte[] salt, int length) {
        ByteBuffer head =
                ByteBuffer.allocate(40 + password.length + salt.length).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(lanes)
                .putInt(length)
                .putInt(memory)
                .putInt(passes)
                .putInt(VERSION)
                .putInt(type);
        head.putInt(password.length)
                .put(password)
                .putInt(salt.length)
                .put(salt)
                .putInt(0)
                .putInt(0);
        return blake2b(64, head.array());
    }

    private static byte[] blake2b(int length, byte[]... parts) {
        var digest = new Blake2bDigest(length * 8);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[length];
        digest.doFinal(hash, 0);
        return hash;
    }

    /// The hash H' of variable length.
    private static byte[] stretched(byte[] input, int length) {
        byte[] size = little(length);
        if (length <= 64) {
            return blake2b(length, size, input);
        }
        byte[] all = new byte[length];
        byte[] step = blake2b(64, size, input);
        int done = 0;
        while (true) {
            System.arraycopy(step, 0, all, done, 32);
            done += 32;
            if (length - done <= 64) {
                break;
            }
            step = blake2b(64, step);
        }
        byte[] last = blake2b(length - done, step);
        System.arraycopy(last, 0, all, done, last.length);
        return all;
    }

    private static byte[] little(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    /// The memory while it is filled.
    private final class Filling {
        private final int segmentLength = memory / (SLICES * lanes);
        private final int laneLength = segmentLength * SLICES;
        private final MemorySegment blocks;

        Filling(Arena arena) {
            blocks = arena.allocate((long) laneLength * lanes * BLOCK);
        }

        void start(byte[] first) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int block = 0; block < 2; block++) {
                    byte[] seed = new byte[first.length + 8];
                    ByteBuffer.wrap(seed)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .put(first)
                            .putInt(block)
                            .putInt(lane);
                    MemorySegment.copy(
                            stretched(seed, BLOCK), 0, blocks, ValueLayout.JAVA_BYTE, at(lane, block), BLOCK);
                }
            }
        }

        void segment(int pass, int slice, int lane) {
            var mixer = new Mixer();
            boolean independent = type == 1 || pass == 0 && slice < SLICES / 2;
            long[] addresses = new long[WORDS];
            long[] input = {pass, lane, slice, (long) laneLength * lanes, passes, type, 0};
            int from = pass == 0 && slice == 0 ? 2 : 0;
            for (int i = from; i < segmentLength; i++) {
                if (independent && (i == from || i % WORDS == 0)) {
                    input[6]++;
                    mixer.addresses(input, addresses);
                }
                int block = slice * segmentLength + i;
                int before = block == 0 ? laneLength - 1 : block - 1;
                long random = independent ? addresses[i % WORDS] : blocks.get(LONG, at(lane, before));
                int otherLane = pass == 0 && slice == 0 ? lane : (int) ((random >>> 32) % lanes);
                int other = reference(pass, slice, i, random & 0xffff_ffffL, otherLane == lane);
                mixer.mix(at(lane, before), at(otherLane, other), at(lane, block), pass > 0);
            }
        }

        /// The block that a random number picks out of those that are filled already.
        private int reference(int pass, int slice, int i, long random, boolean sameLane) {
            int filled = pass == 0 ? slice * segmentLength : laneLength - segmentLength;
            int area = filled + (sameLane ? i - 1 : i == 0 ? -1 : 0);
            long picked = random * random >>> 32;
            int back = (int) (area * picked >>> 32);
            int start = pass == 0 || slice == SLICES - 1 ? 0 : (slice + 1) * segmentLength;
            return (int) (((long) start + area - 1 - back) % laneLength);
        }

        byte[] end() {
            long[] sum = new long[WORDS];
            for (int lane = 0; lane < lanes; lane++) {
                for (int i = 0; i < WORDS; i++) {
                    sum[i] ^= blocks.get(LONG, at(lane, laneLength - 1) + i * 8L);
                }
            }
            ByteBuffer bytes = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            for (long word : sum) {
                bytes.putLong(word);
            }
            return bytes.array();
        }

        private long at(int lane, int block) {
            return ((long) lane * laneLength + block) * BLOCK;
        }

        /// The compression G, with its buffers.
        private final class Mixer {
            private final long[] left = new long[WORDS];
            private final long[] right = new long[WORDS];
            private final long[] old = new long[WORDS];
            private final long[] words = new long[WORDS];

            void mix(long before, long other, long target, boolean keep) {
                MemorySegment.copy(blocks, LONG, before, left, 0, WORDS);
                MemorySegment.copy(blocks, LONG, other, right, 0, WORDS);
                for (int i = 0; i < WORDS; i++) {
                    left[i] ^= right[i];
                }
                System.arraycopy(left, 0, words, 0, WORDS);
                Blamka.permute(words);
                for (int i = 0; i < WORDS; i++) {
                    words[i] ^= left[i];
                }
                if (keep) {
                    MemorySegment.copy(blocks, LONG, target, old, 0, WORDS);
                    for (int i = 0; i < WORDS; i++) {
                        words[i] ^= old[i];
                    }
                }
                MemorySegment.copy(words, 0, blocks, LONG, target, WORDS);
            }

            /// 128 numbers from a counter, twice through the compression with a zero block.
            void addresses(long[] input, long[] target) {
                Arrays.fill(target, 0);
                System.arraycopy(input, 0, target, 0, input.length);
                for (int round = 0; round < 2; round++) {
                    System.arraycopy(target, 0, words, 0, WORDS);
                    Blamka.permute(words);
                    for (int i = 0; i < WORDS; i++) {
                        target[i] ^= words[i];
                    }
                }
            }
        }
    }
}
