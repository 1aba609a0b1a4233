package io.varve.provider.image;

import java.util.zip.CRC32C;

/// CRC-32C of bytes that come as checksums of blocks of one size, in order.
///
/// A checksum is moved past the bytes of a block by a matrix over the field of two elements, as zlib's `crc32_combine`
/// does: that matrix is the same for all blocks.
final class Crc32c {
    /// Castagnoli's polynomial, its bits in reverse.
    private static final int POLYNOMIAL = 0x82f63b78;

    private final int[] pastBlock;
    private int value;

    Crc32c(int blockSize) {
        this.pastBlock = pastBytes(blockSize);
    }

    static int of(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// @param crc32c of the next block, a whole one
    void block(int crc32c) {
        value = times(pastBlock, value) ^ crc32c;
    }

    /// The end, when it is not a whole block.
    void bytes(byte[] bytes, int length) {
        value = times(pastBytes(length), value) ^ of(bytes, length);
    }

    int value() {
        return value;
    }

    /// What that many zero bytes make of a checksum.
    private static int[] pastBytes(int count) {
        int[] step = pastBit();
        for (int i = 0; i < 3; i++) {
            step = times(step, step);
        }
        int[] all = identity();
        for (int left = count; left > 0; left >>>= 1) {
            if ((left & 1) != 0) {
                all = times(step, all);
            }
            step = times(step, step);
        }
        return all;
    }

    private static int[] pastBit() {
        int[] matrix = new int[Integer.SIZE];
        matrix[0] = POLYNOMIAL;
        for (int bit = 1; bit < Integer.SIZE; bit++) {
            matrix[bit] = 1 << (bit - 1);
        }
        return matrix;
    }

    private static int[] identity() {
        int[] matrix = new int[Integer.SIZE];
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            matrix[bit] = 1 << bit;
        }
        return matrix;
    }

    private static int[] times(int[] left, int[] right) {
        int[] product = new int[Integer.SIZE];
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            product[bit] = times(left, right[bit]);
        }
        return product;
    }

    private static int times(int[] matrix, int vector) {
        int sum = 0;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((vector >>> bit & 1) != 0) {
                sum ^= matrix[bit];
            }
        }
        return sum;
    }
}
