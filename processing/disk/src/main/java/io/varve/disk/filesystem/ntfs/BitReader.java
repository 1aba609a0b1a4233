package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;

/// Bits of little-endian words of 16, the highest bit of each first, as XPRESS and LZX store them. A word is taken as
/// soon as fewer than 16 bits are left, which decides where bytes between the words lie. Behind the end come zeros.
final class BitReader {
    private static final int OVERRUN = 64;

    private final byte[] source;
    private final int from;
    private final int end;
    private int at;
    private long bits;
    private int left;

    BitReader(byte[] source, int from, int end) {
        this.source = source;
        this.from = from;
        this.at = from;
        this.end = end;
        start();
    }

    private void start() {
        bits = 0;
        left = 0;
        word();
        word();
    }

    private void word() {
        if (at <= end - 2) {
            bits |= (long) LittleEndian.u16(source, at) << 48 - left;
        } else if (at > end + OVERRUN) {
            throw new CorruptException("compressed bytes end too early");
        }
        at += 2;
        left += 16;
    }

    /// The next bits, at most 16, which stay.
    int peek(int count) {
        return count == 0 ? 0 : (int) (bits >>> 64 - count);
    }

    void skip(int count) {
        bits <<= count;
        left -= count;
        if (left < 16) {
            word();
        }
    }

    int read(int count) {
        int value = peek(count);
        skip(count);
        return value;
    }

    /// A byte from between the words.
    int nextByte() {
        if (at >= end) {
            throw new CorruptException("compressed bytes end too early");
        }
        return source[at++] & 0xff;
    }

    /// Goes to the next whole word, over one when it is at one, and gives the place of the bytes there.
    int align() {
        int position = (at - from) * 8 - left;
        at = from + position / 16 * 2 + 2;
        return at;
    }

    /// Goes on with bits at a place that [#align] led to.
    void resume(int place) {
        at = place;
        start();
    }
}
