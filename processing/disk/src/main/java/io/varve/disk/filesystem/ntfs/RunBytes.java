package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/// The value of a non-resident attribute, read straight from the volume. Safe for several threads.
///
/// @param size of the value
/// @param initialized bytes that were ever written; what follows them is zero
record RunBytes(Bytes volume, int clusterSize, Runs runs, long size, long initialized) implements Bytes {
    RunBytes {
        if (size < 0 || initialized < 0) {
            throw new CorruptException("attribute of %d bytes, %d of them written".formatted(size, initialized));
        }
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long position = offset + done;
            long known = zeros(position, false);
            int count = (int) Math.min(length - done, known > 0 ? known : stored(position));
            if (known > 0) {
                Arrays.fill(target, start + done, start + done + count, (byte) 0);
            } else {
                volume.read(place(position), target, start + done, count);
            }
            done += count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        return offset < 0 || offset >= size ? 0 : zeros(offset, true);
    }

    private long zeros(long offset, boolean ask) throws IOException {
        if (offset >= initialized) {
            return size - offset;
        }
        long cluster = offset / clusterSize;
        if (cluster >= runs.end()) {
            if (ask) {
                return 0;
            }
            throw new CorruptException(
                    "the run list ends at cluster %d, before the value of %d bytes does".formatted(runs.end(), size));
        }
        int run = runs.find(cluster);
        if (runs.place(run) == Runs.HOLE) {
            return Math.min(size - offset, end(run) - offset);
        }
        return ask && runs.place(run) != Runs.LOST ? Math.min(stored(offset), volume.zeros(place(offset))) : 0;
    }

    /// How many bytes from here on lie together in the volume.
    private long stored(long offset) {
        long end = end(runs.find(offset / clusterSize));
        return Math.min(Math.min(size, initialized), end) - offset;
    }

    private long end(int run) {
        return runs.end(run) > Long.MAX_VALUE / clusterSize ? Long.MAX_VALUE : runs.end(run) * clusterSize;
    }

    /// Offset in the volume of one of many records of equal size, for a message; empty when it has none.
    OptionalLong place(long record, int recordSize) {
        if (record < 0 || record >= size / recordSize || record * recordSize / clusterSize >= runs.end()) {
            return OptionalLong.empty();
        }
        return runs.place(runs.find(record * recordSize / clusterSize)) < 0
                ? OptionalLong.empty()
                : OptionalLong.of(place(record * recordSize));
    }

    private long place(long offset) {
        long cluster = offset / clusterSize;
        int run = runs.find(cluster);
        if (runs.place(run) == Runs.LOST) {
            throw new CorruptException("clusters %d to %d of the file have no place in the volume"
                    .formatted(runs.start(run), runs.end(run) - 1));
        }
        return (runs.place(run) + cluster - runs.start(run)) * clusterSize + offset % clusterSize;
    }
}
