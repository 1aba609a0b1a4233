package io.varve.disk.container.compressed;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// Looks codes of a deflate block up: the first bits give the entry or, for long codes, the place of a second table.
///
/// An entry holds, from its lowest bit: 4 bits how many bits the code has (for a second table: more than the first
/// ones), 4 bits how many extra bits follow (or how many bits index the second table), 4 bits its kind, and from bit
/// 16 its value.
final class HuffmanTable {
    static final int LITERAL = 0;
    static final int BASE = 1;
    static final int END = 2;
    static final int SECOND = 3;
    static final int INVALID = 4;

    private static final int LONGEST = 15;

    private static final int[] LENGTH_BASES = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int END_OF_BLOCK = 256;
    private static final int DISTANCES = 30;

    final int bits;
    int[] entries;
    private final Meaning meaning;

    /// What the symbols of a table stand for.
    enum Meaning {
        LITERALS_AND_LENGTHS,
        DISTANCES,
        CODE_LENGTHS
    }

    HuffmanTable(int bits, Meaning meaning) {
        this.bits = bits;
        this.meaning = meaning;
        this.entries = new int[1 << bits];
    }

    /// @param lengths of the codes, 0 for symbols that have none
    void build(byte[] lengths, int start, int count) {
        int[] perLength = new int[LONGEST + 1];
        int longest = 0;
        for (int i = 0; i < count; i++) {
            perLength[lengths[start + i]]++;
            longest = Math.max(longest, lengths[start + i]);
        }
        perLength[0] = 0;
        int[] next = new int[LONGEST + 2];
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code = code + perLength[length - 1] << 1;
            next[length] = code;
            if (code + perLength[length] > 1 << length) {
                throw new CorruptException("deflate: more codes of %d bits than there can be".formatted(length));
            }
        }
        Arrays.fill(entries, 0, 1 << bits, INVALID << 8);
        int used = 1 << bits;
        int secondBits = Math.max(0, longest - bits);
        for (int symbol = 0; symbol < count; symbol++) {
            int length = lengths[start + symbol];
            if (length > 0) {
                int reversed = Integer.reverse(next[length]++) >>> 32 - length;
                used = enter(symbol, length, reversed, secondBits, used);
            }
        }
    }

    private int enter(int symbol, int length, int reversed, int secondBits, int used) {
        int entry = entry(symbol);
        if (length <= bits) {
            for (int i = reversed; i < 1 << bits; i += 1 << length) {
                entries[i] = entry | length;
            }
            return used;
        }
        int first = reversed & (1 << bits) - 1;
        int end = used;
        if ((entries[first] >>> 8 & 0xf) != SECOND) {
            end = used + (1 << secondBits);
            if (end > entries.length) {
                entries = Arrays.copyOf(entries, Math.max(end, entries.length * 2));
            }
            Arrays.fill(entries, used, end, INVALID << 8);
            entries[first] = used << 16 | SECOND << 8 | secondBits << 4 | bits;
        }
        int second = entries[first] >>> 16;
        for (int i = reversed >>> bits; i < 1 << secondBits; i += 1 << length - bits) {
            entries[second + i] = entry | length - bits;
        }
        return end;
    }

    private int entry(int symbol) {
        return switch (meaning) {
            case CODE_LENGTHS -> symbol << 16;
            case DISTANCES -> symbol < DISTANCES ? distance(symbol) : INVALID << 8;
            case LITERALS_AND_LENGTHS -> {
                if (symbol < END_OF_BLOCK) {
                    yield symbol << 16;
                }
                int length = symbol - END_OF_BLOCK - 1;
                if (length < 0) {
                    yield END << 8;
                }
                yield length < LENGTH_BASES.length
                        ? LENGTH_BASES[length] << 16 | BASE << 8 | LENGTH_EXTRA[length] << 4
                        : INVALID << 8;
            }
        };
    }

    private static int distance(int symbol) {
        int extra = Math.max(0, symbol / 2 - 1);
        int base = symbol < 4 ? symbol + 1 : (2 + symbol % 2 << extra) + 1;
        return base << 16 | BASE << 8 | extra << 4;
    }
}
