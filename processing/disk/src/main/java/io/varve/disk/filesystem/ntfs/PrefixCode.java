package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// A canonical prefix code: symbols in order of the length of their codes, then of their number.
final class PrefixCode {
    private static final int LONGEST = 16;
    private static final int FAST = 10;

    /// For the next [#FAST] bits: symbol and length of the code they begin with; 0 when it is longer.
    private final int[] fast = new int[1 << FAST];

    private final int[] symbols;
    private final int[] counts = new int[LONGEST + 1];

    /// @param lengths bits of each symbol's code; 0 for a symbol without one
    PrefixCode(byte[] lengths, int from, int count) {
        for (int i = 0; i < count; i++) {
            counts[lengths[from + i]]++;
        }
        counts[0] = 0;
        int[] next = new int[LONGEST + 2];
        int left = 1;
        for (int length = 1; length <= LONGEST; length++) {
            left = (left << 1) - counts[length];
            if (left < 0) {
                throw new CorruptException("prefix code with too many codes of %d bits".formatted(length));
            }
            next[length + 1] = next[length] + counts[length];
        }
        symbols = new int[next[LONGEST + 1]];
        for (int symbol = 0; symbol < count; symbol++) {
            int length = lengths[from + symbol];
            if (length != 0) {
                symbols[next[length]++] = symbol;
            }
        }
        fillFast();
    }

    private void fillFast() {
        int code = 0;
        int index = 0;
        for (int length = 1; length <= FAST; length++) {
            for (int i = 0; i < counts[length]; i++, code++) {
                int start = code << FAST - length;
                Arrays.fill(fast, start, start + (1 << FAST - length), symbols[index++] << 5 | length);
            }
            code <<= 1;
        }
    }

    /// Whether no symbol has a code.
    boolean isEmpty() {
        return symbols.length == 0;
    }

    int read(BitReader bits) {
        int entry = fast[bits.peek(FAST)];
        if (entry != 0) {
            bits.skip(entry & 0x1f);
            return entry >>> 5;
        }
        int next = bits.peek(LONGEST);
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int offset = (next >>> LONGEST - length) - first;
            if (offset < counts[length]) {
                bits.skip(length);
                return symbols[index + offset];
            }
            index += counts[length];
            first = first + counts[length] << 1;
        }
        throw new CorruptException("bits that begin no code");
    }
}
