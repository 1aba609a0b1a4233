package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;

/// LZX of one chunk of at most 32 KiB as WIM files and the overlay filter use it ([MS-PATCH] section 2, without its
/// header): blocks with their own prefix codes, the three last distances by name, calls of x86 code made absolute.
final class Lzx {
    private static final int WINDOW = 32 << 10;
    private static final int SLOTS = 30;
    private static final int MAIN = 256 + 8 * SLOTS;
    private static final int LENGTHS = 249;
    private static final int LONG = 7;
    private static final int SHORTEST = 2;

    private static final int VERBATIM = 1;
    private static final int ALIGNED = 2;
    private static final int STORED = 3;

    /// What the preprocessing of calls takes for the size of the file.
    private static final int CALL_SIZE = 12_000_000;

    private final byte[] source;
    private final int length;
    private final byte[] target;
    private final int size;
    private final BitReader bits;
    private final byte[] mainLengths = new byte[MAIN];
    private final byte[] lengthLengths = new byte[LENGTHS];
    private final int[] recent = {1, 1, 1};
    private int to;

    Lzx(byte[] source, int length, byte[] target, int size) {
        this.source = source;
        this.length = length;
        this.target = target;
        this.size = size;
        this.bits = new BitReader(source, 0, length);
    }

    void expand() {
        while (to < size) {
            int type = bits.read(3);
            int blockSize = bits.read(1) == 1 ? WINDOW : bits.read(16);
            if (blockSize == 0 || blockSize > size - to) {
                throw new CorruptException("LZX block of %d bytes with %d left".formatted(blockSize, size - to));
            }
            switch (type) {
                case VERBATIM, ALIGNED -> block(type == ALIGNED, to + blockSize);
                case STORED -> stored(blockSize);
                default -> throw new CorruptException("LZX block of type " + type);
            }
        }
        restoreCalls();
    }

    private void block(boolean aligned, int end) {
        byte[] alignedLengths = new byte[8];
        if (aligned) {
            for (int i = 0; i < 8; i++) {
                alignedLengths[i] = (byte) bits.read(3);
            }
        }
        var alignedCode = new PrefixCode(alignedLengths, 0, 8);
        readLengths(mainLengths, 0, 256);
        readLengths(mainLengths, 256, MAIN);
        readLengths(lengthLengths, 0, LENGTHS);
        var main = new PrefixCode(mainLengths, 0, MAIN);
        var lengths = new PrefixCode(lengthLengths, 0, LENGTHS);
        while (to < end) {
            int symbol = main.read(bits);
            if (symbol < 256) {
                target[to++] = (byte) symbol;
                continue;
            }
            int match = (symbol & 7) + SHORTEST;
            if ((symbol & 7) == LONG) {
                match += lengths.read(bits);
            }
            copy(distance(symbol - 256 >> 3, aligned, alignedCode), match, end);
        }
    }

    private int distance(int slot, boolean aligned, PrefixCode alignedCode) {
        if (slot < 3) {
            int distance = recent[slot];
            recent[slot] = recent[0];
            recent[0] = distance;
            return distance;
        }
        int extra = slot < 4 ? 0 : slot / 2 - 1;
        int base = slot < 4 ? slot : (2 | slot & 1) << extra;
        int value = aligned && extra >= 3 ? (bits.read(extra - 3) << 3) + alignedCode.read(bits) : bits.read(extra);
        recent[2] = recent[1];
        recent[1] = recent[0];
        recent[0] = base + value - 2;
        return recent[0];
    }

    private void copy(int distance, int match, int end) {
        if (distance <= 0 || distance > to || match > end - to) {
            throw new CorruptException("LZX match of %d bytes from %d back at %d".formatted(match, distance, to));
        }
        for (int stop = to + match; to < stop; to++) {
            target[to] = target[to - distance];
        }
    }

    private void stored(int blockSize) {
        int at = bits.align();
        if (at > length - 12 - blockSize) {
            throw new CorruptException("LZX block of %d stored bytes at %d of %d".formatted(blockSize, at, length));
        }
        for (int i = 0; i < 3; i++) {
            recent[i] = LittleEndian.i32(source, at + 4 * i);
        }
        System.arraycopy(source, at + 12, target, to, blockSize);
        to += blockSize;
        bits.resume(at + 12 + blockSize + (blockSize & 1));
    }

    /// Reads lengths as differences from those of the block before, by a code of their own.
    private void readLengths(byte[] lengths, int from, int end) {
        byte[] codeLengths = new byte[20];
        for (int i = 0; i < codeLengths.length; i++) {
            codeLengths[i] = (byte) bits.read(4);
        }
        var code = new PrefixCode(codeLengths, 0, codeLengths.length);
        for (int i = from; i < end; ) {
            int symbol = code.read(bits);
            int run = 1;
            int value;
            switch (symbol) {
                case 17 -> {
                    run = 4 + bits.read(4);
                    value = 0;
                }
                case 18 -> {
                    run = 20 + bits.read(5);
                    value = 0;
                }
                case 19 -> {
                    run = 4 + bits.read(1);
                    value = difference(lengths[i], code.read(bits));
                }
                default -> value = difference(lengths[i], symbol);
            }
            for (int stop = Math.min(end, i + run); i < stop; i++) {
                lengths[i] = (byte) value;
            }
        }
    }

    private static int difference(int before, int symbol) {
        if (symbol > 16) {
            throw new CorruptException("LZX code length by symbol " + symbol);
        }
        return (before - symbol + 17) % 17;
    }

    /// Makes the targets of calls (0xE8) relative again; none begins in the last ten bytes.
    private void restoreCalls() {
        for (int i = 0; i < size - 10; i++) {
            if (target[i] != (byte) 0xe8) {
                continue;
            }
            int absolute = LittleEndian.i32(target, i + 1);
            if (absolute >= -i && absolute < CALL_SIZE) {
                LittleEndian.put32(target, i + 1, absolute >= 0 ? absolute - i : absolute + CALL_SIZE);
            }
            i += 4;
        }
    }
}
