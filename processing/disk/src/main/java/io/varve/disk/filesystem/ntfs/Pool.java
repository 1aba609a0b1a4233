package io.varve.disk.filesystem.ntfs;

import java.util.Arrays;

/// Many small blocks of bytes in few large arrays, each found by one number. Filled by one thread, then only read.
final class Pool {
    /// Longest block.
    static final int LONGEST = 1 << 20;

    private static final int ALIGNMENT = 3;
    private static final int PAGE_BITS = 22;
    private static final int UNITS_BITS = PAGE_BITS - ALIGNMENT;

    private byte[][] pages = new byte[4][];
    private int count;
    private int used = 1 << PAGE_BITS;

    /// Room for a block.
    ///
    /// @return its number; the bytes are in [#page] from [#offset] on
    int reserve(int length) {
        if (length > LONGEST) {
            throw new IllegalArgumentException("block of " + length);
        }
        if (used + length > 1 << PAGE_BITS) {
            if (count == pages.length) {
                pages = Arrays.copyOf(pages, count * 2);
            }
            pages[count++] = new byte[1 << PAGE_BITS];
            used = 0;
        }
        int number = count - 1 << UNITS_BITS | used >> ALIGNMENT;
        used = (used + length + (1 << ALIGNMENT) - 1) >> ALIGNMENT << ALIGNMENT;
        return number;
    }

    byte[] page(int number) {
        return pages[number >>> UNITS_BITS];
    }

    int offset(int number) {
        return (number & (1 << UNITS_BITS) - 1) << ALIGNMENT;
    }

    long size() {
        return (long) count << PAGE_BITS;
    }
}
