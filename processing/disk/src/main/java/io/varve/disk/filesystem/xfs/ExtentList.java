package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// Where the blocks of a file lie, in the order of the file. What no extent covers is a hole.
final class ExtentList {
    /// Most extents of one file.
    static final int MOST = 2_000_000;

    /// In place of a first block: allocated, but never written, so it reads as zeros.
    static final long UNWRITTEN = -1;

    /// In place of a first block: the part of the extent tree that would tell is damaged.
    static final long LOST = -2;

    /// Length of a record.
    static final int RECORD = 16;

    private static final long FARTHEST = 1L << 54;

    private long[] offsets = new long[4];
    private long[] firsts = new long[4];
    private long[] counts = new long[4];
    private int size;

    int size() {
        return size;
    }

    /// Block in the file at which an extent begins.
    long offset(int extent) {
        return offsets[extent];
    }

    /// First file-system block of an extent, [#UNWRITTEN] or [#LOST].
    long first(int extent) {
        return firsts[extent];
    }

    /// One after the last block in the file that an extent covers.
    long end(int extent) {
        return offsets[extent] + counts[extent];
    }

    /// One after the last block of the file that has an extent.
    long end() {
        return size == 0 ? 0 : end(size - 1);
    }

    void add(long offset, long first, long count) {
        if (offset < end() || count <= 0 || count > FARTHEST - offset) {
            throw new CorruptException("XFS extent of %d blocks at block %d of a file follows one that ends at %d"
                    .formatted(count, offset, end()));
        }
        if (size == MOST) {
            throw new CorruptException("XFS file has more than %d extents".formatted(MOST));
        }
        if (size == offsets.length) {
            int larger = Math.min(MOST, size * 2);
            offsets = Arrays.copyOf(offsets, larger);
            firsts = Arrays.copyOf(firsts, larger);
            counts = Arrays.copyOf(counts, larger);
        }
        offsets[size] = offset;
        firsts[size] = first;
        counts[size] = count;
        size++;
    }

    /// Adds a stored record: one bit for unwritten, 54 for the offset, 52 for the first block, 21 for the count.
    void addRecord(Block block, int at) {
        long high = block.i64(at);
        long low = block.i64(at + 8);
        long first = (high & 0x1ff) << 43 | low >>> 21;
        add(high >>> 9 & FARTHEST - 1, high < 0 ? UNWRITTEN : first, low & 0x1f_ffff);
    }

    /// The last extent that begins at or before a block of the file; -1 when all begin after it.
    int find(long block) {
        int found = Arrays.binarySearch(offsets, 0, size, block);
        return found >= 0 ? found : -found - 2;
    }
}
