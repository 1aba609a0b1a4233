package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;

/// An attribute compressed by NTFS, in units of 2^n clusters: a unit with no holes is stored as it is, one that is all
/// hole is zero, and the clusters in front of the hole of any other hold it compressed. The last unit expanded is kept.
final class CompressedBytes implements Bytes {
    private static final int LARGEST_UNIT = 4 << 20;

    private final RunBytes raw;
    private final RunBytes whole;
    private final int unitSize;
    private final byte[] packed;
    private final byte[] unit;
    private long held = -1;

    /// @param bits power of two of the clusters of a unit
    CompressedBytes(RunBytes bytes, int bits) {
        long size = bits > 30 ? Long.MAX_VALUE : (long) bytes.clusterSize() << bits;
        if (size > LARGEST_UNIT) {
            throw new CorruptException("compression unit of 2^%d clusters".formatted(bits));
        }
        this.raw = bytes;
        this.unitSize = (int) size;
        long end = Math.min(bytes.runs().end(), Long.MAX_VALUE / bytes.clusterSize()) * bytes.clusterSize();
        this.whole = new RunBytes(bytes.volume(), bytes.clusterSize(), bytes.runs(), end, end);
        this.packed = new byte[unitSize];
        this.unit = new byte[unitSize];
    }

    @Override
    public long size() {
        return raw.size();
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size()) {
            return 0;
        }
        if (offset >= raw.initialized()) {
            return size() - offset;
        }
        long first = offset / unitSize;
        long number = first;
        while (number - first < 1024 && number * unitSize < size() && stored(number) == 0) {
            number++;
        }
        return number == first ? 0 : Math.min(size(), number * unitSize) - offset;
    }

    @Override
    public synchronized void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        for (int done = 0; done < length; ) {
            long position = offset + done;
            long number = position / unitSize;
            int within = (int) (position % unitSize);
            int count = Math.min(length - done, unitSize - within);
            long written = Math.max(0, raw.initialized() - position);
            int stored = written == 0 ? 0 : stored(number);
            if (stored == 0) {
                Arrays.fill(target, start + done, start + done + count, (byte) 0);
            } else if (stored == unitSize) {
                raw.read(position, target, start + done, count);
            } else {
                expand(number, stored);
                System.arraycopy(unit, within, target, start + done, count);
                if (written < count) {
                    Arrays.fill(target, start + done + (int) written, start + done + count, (byte) 0);
                }
            }
            done += count;
        }
    }

    /// Bytes of a unit that have a place in the volume, up to its first hole.
    private int stored(long number) {
        Runs runs = raw.runs();
        long perUnit = unitSize / raw.clusterSize();
        long first = number * perUnit;
        long cluster = first;
        while (cluster < first + perUnit && cluster < runs.end()) {
            int run = runs.find(cluster);
            if (runs.place(run) == Runs.HOLE) {
                break;
            }
            cluster = runs.end(run);
        }
        return (int) (Math.min(cluster - first, perUnit) * raw.clusterSize());
    }

    private void expand(long number, int stored) throws IOException {
        if (held == number) {
            return;
        }
        held = -1;
        whole.read(number * unitSize, packed, 0, stored);
        Arrays.fill(unit, (byte) 0);
        Lznt1.expand(packed, stored, unit, unitSize);
        held = number;
    }
}
