package io.varve.provider.image;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;

/// How many blocks of each stretch of an image were written and fetched. Safe for several threads.
final class Cells {
    static final int MOST = 512;
    private static final int EIGHTHS = 8;

    private final int blocks;
    private final int count;
    private final int[] written;
    private final AtomicIntegerArray fetched;

    Cells(int blocks) {
        this.blocks = blocks;
        this.count = Math.min(MOST, blocks);
        this.written = new int[count];
        this.fetched = new AtomicIntegerArray(count);
    }

    /// Only before anything is fetched.
    void written(int block) {
        written[cell(block)]++;
    }

    void fetched(int block) {
        fetched.incrementAndGet(cell(block));
    }

    private int cell(int block) {
        return (int) ((long) block * count / blocks);
    }

    private int first(int cell) {
        return (int) (((long) cell * blocks + count - 1) / count);
    }

    /// @param stored whether the block is in the evidence store
    String text(IntPredicate stored) {
        var text = new StringBuilder(count);
        for (int cell = 0; cell < count; cell++) {
            if (written[cell] == 0) {
                text.append('.');
            } else if (stored.test(first(cell)) && stored.test(first(cell + 1) - 1)) {
                text.append('s');
            } else {
                text.append(Math.min(EIGHTHS, (long) fetched.get(cell) * EIGHTHS / written[cell]));
            }
        }
        return text.toString();
    }
}
