package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import java.util.Arrays;

/// Where the clusters of an attribute lie. Filled extent by extent, then only read.
///
/// Clusters that no extent describes, or that one places outside the volume, are [#LOST]: the rest can be read.
final class Runs {
    static final long HOLE = -1;
    static final long LOST = -2;

    private final long volumeClusters;
    private long[] starts = new long[4];
    private long[] places = new long[4];
    private int count;
    private long end;

    Runs(long volumeClusters) {
        this.volumeClusters = volumeClusters;
    }

    /// Adds an extent: pairs of length and distance, each with as many bytes as the two halves of the byte in front.
    ///
    /// @param lowest first cluster of the extent in the attribute
    void add(long lowest, byte[] bytes, int from, int to) {
        if (lowest < end) {
            throw new CorruptException("run list at cluster %d overlaps the one before, to %d".formatted(lowest, end));
        }
        if (lowest > end) {
            add(LOST, lowest - end);
        }
        long place = 0;
        int at = from;
        while (at < to && bytes[at] != 0) {
            int lengthSize = bytes[at] & 0xf;
            int placeSize = bytes[at] >> 4 & 0xf;
            if (lengthSize == 0 || lengthSize > 8 || placeSize > 8 || at + 1 + lengthSize + placeSize > to) {
                throw new CorruptException(
                        "run list has sizes 0x%02x at byte %d of %d".formatted(bytes[at], at - from, to - from));
            }
            long length = number(bytes, at + 1, lengthSize);
            if (length <= 0 || length > Long.MAX_VALUE / 2 - end) {
                throw new CorruptException("run of %d clusters".formatted(length));
            }
            if (placeSize == 0) {
                add(HOLE, length);
            } else {
                place += number(bytes, at + 1 + lengthSize, placeSize);
                boolean inside = place >= 0 && place < volumeClusters && length <= volumeClusters - place;
                add(inside ? place : LOST, length);
            }
            at += 1 + lengthSize + placeSize;
        }
    }

    /// Adds a run at a known place.
    void add(long place, long length) {
        if (place < 0 && count > 0 && places[count - 1] == place) {
            end += length;
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            places = Arrays.copyOf(places, count * 2);
        }
        starts[count] = end;
        places[count++] = place;
        end += length;
    }

    private static long number(byte[] bytes, int at, int size) {
        long value = bytes[at + size - 1];
        for (int i = size - 2; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }

    /// Clusters described.
    long end() {
        return end;
    }

    int count() {
        return count;
    }

    /// The run that holds a cluster below [#end].
    int find(long cluster) {
        int found = Arrays.binarySearch(starts, 0, count, cluster);
        return found >= 0 ? found : -found - 2;
    }

    long start(int run) {
        return starts[run];
    }

    /// Cluster after the run's last.
    long end(int run) {
        return run + 1 < count ? starts[run + 1] : end;
    }

    /// Where the run starts in the volume, [#HOLE] or [#LOST].
    long place(int run) {
        return places[run];
    }

    boolean isAllHole() {
        for (int i = 0; i < count; i++) {
            if (places[i] != HOLE) {
                return false;
            }
        }
        return true;
    }
}
