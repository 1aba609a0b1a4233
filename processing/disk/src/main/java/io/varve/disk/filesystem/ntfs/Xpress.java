package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;

/// XPRESS with prefix codes ("LZ77+Huffman", [MS-XCA] section 2.2) of one chunk of at most 64 KiB.
final class Xpress {
    private static final int SYMBOLS = 512;
    private static final int SHORTEST = 3;

    private Xpress() {}

    static void expand(byte[] source, int length, byte[] target, int size) {
        if (length < SYMBOLS / 2) {
            throw new CorruptException("XPRESS chunk of %d bytes".formatted(length));
        }
        byte[] lengths = new byte[SYMBOLS];
        for (int i = 0; i < SYMBOLS; i++) {
            lengths[i] = (byte) (source[i / 2] >> 4 * (i & 1) & 0xf);
        }
        var code = new PrefixCode(lengths, 0, SYMBOLS);
        var bits = new BitReader(source, SYMBOLS / 2, length);
        for (int to = 0; to < size; ) {
            int symbol = code.read(bits);
            if (symbol < 256) {
                target[to++] = (byte) symbol;
                continue;
            }
            long match = symbol & 0xf;
            if (match == 0xf) {
                match = longMatch(bits);
            }
            int offsetBits = symbol >> 4 & 0xf;
            int offset = (1 << offsetBits) + bits.read(offsetBits);
            if (offset > to || match + SHORTEST > size - to) {
                throw new CorruptException(
                        "XPRESS match of %d bytes from %d back at %d".formatted(match + SHORTEST, offset, to));
            }
            for (int stop = to + (int) match + SHORTEST; to < stop; to++) {
                target[to] = target[to - offset];
            }
        }
    }

    private static long longMatch(BitReader bits) {
        int more = bits.nextByte();
        if (more < 0xff) {
            return more + 0xf;
        }
        int length = bits.nextByte() | bits.nextByte() << 8;
        if (length != 0) {
            return length;
        }
        return bits.nextByte() | bits.nextByte() << 8 | bits.nextByte() << 16 | (long) bits.nextByte() << 24;
    }
}
