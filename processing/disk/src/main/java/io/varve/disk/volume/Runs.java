package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes joined from runs of other bytes, of zeros and of what is not at hand, found by binary search.
///
/// Safe for several threads when its sources are. Closing it leaves them open.
public final class Runs implements Bytes {
    /// Most runs of one mapping.
    public static final int MOST = 1 << 24;

    private final long size;
    private final long[] starts;
    private final Run[] runs;

    private Runs(List<Run> runs, long size) {
        this.runs = runs.toArray(Run[]::new);
        this.starts = new long[this.runs.length];
        long start = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = start;
            start += this.runs[i].length();
        }
        this.size = size;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int run = find(offset);
        int done = 0;
        while (done < length) {
            long inside = offset + done - starts[run];
            int part = (int) Math.min(length - done, runs[run].length() - inside);
            runs[run].read(inside, target, start + done, part);
            done += part;
            run++;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        int run = find(offset);
        long inside = offset - starts[run];
        return Math.min(runs[run].zeros(inside), runs[run].length() - inside);
    }

    private int find(long offset) {
        int place = Arrays.binarySearch(starts, offset);
        return place >= 0 ? place : -place - 2;
    }

    private sealed interface Run {
        long length();

        void read(long inside, byte[] target, int start, int count) throws IOException;

        long zeros(long inside) throws IOException;
    }

    private record Part(Bytes source, long offset, long length) implements Run {
        @Override
        public void read(long inside, byte[] target, int start, int count) throws IOException {
            source.read(offset + inside, target, start, count);
        }

        @Override
        public long zeros(long inside) throws IOException {
            return source.zeros(offset + inside);
        }
    }

    private record Hole(long length) implements Run {
        @Override
        public void read(long inside, byte[] target, int start, int count) {
            Arrays.fill(target, start, start + count, (byte) 0);
        }

        @Override
        public long zeros(long inside) {
            return length - inside;
        }
    }

    /// Takes runs in the order of their place.
    public static final class Builder {
        private final List<Run> runs = new ArrayList<>();
        private long size;

        private Builder() {}

        /// A run of `source`; what lies past the end of `source` is `cut`.
        public Builder add(Bytes source, long offset, long length, Absent cut) {
            if (offset < 0 || length < 0) {
                throw new CorruptException("run of %d bytes at offset %d".formatted(length, offset));
            }
            long whole = Math.clamp(source.size() - offset, 0, length);
            if (whole > 0) {
                append(joined(source, offset, whole));
            }
            return whole == length ? this : missing(length - whole, cut);
        }

        /// A run that must lie inside `source`.
        public Builder add(Bytes source, long offset, long length) {
            source.check(offset, length, "run");
            if (length > 0) {
                append(joined(source, offset, length));
            }
            return this;
        }

        public Builder zeros(long length) {
            if (length > 0) {
                append(new Hole(length));
            }
            return this;
        }

        public Builder missing(long length, Absent why) {
            return length <= 0 ? this : add(new Absent(length, why.layer(), why.problem(), why.remedy()), 0, length);
        }

        /// A run that goes on where the last one ends becomes one with it.
        private Run joined(Bytes source, long offset, long length) {
            if (!runs.isEmpty()
                    && runs.getLast() instanceof Part last
                    && last.source == source
                    && last.offset + last.length == offset) {
                runs.removeLast();
                size -= last.length;
                return new Part(source, last.offset, last.length + length);
            }
            return new Part(source, offset, length);
        }

        private void append(Run run) {
            Limits.check(runs.size(), MOST - 1, "number of runs");
            if (run.length() > Long.MAX_VALUE - size) {
                throw new CorruptException("runs of more than %d bytes".formatted(Long.MAX_VALUE));
            }
            runs.add(run);
            size += run.length();
        }

        public long size() {
            return size;
        }

        public Runs build() {
            return new Runs(runs, size);
        }
    }
}
