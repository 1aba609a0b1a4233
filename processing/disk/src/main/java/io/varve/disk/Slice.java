package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;

/// A part of other bytes, e.g. a stored member of an archive. Closing it leaves the whole open.
public record Slice(Bytes whole, long start, long size) implements Bytes {
    public Slice {
        whole.check(start, size, "slice");
    }

    /// All of it, without the right to close it.
    public static Slice all(Bytes whole) {
        return new Slice(whole, 0, whole.size());
    }

    @Override
    public void read(long offset, byte[] target, int from, int length) throws IOException {
        check(offset, length, "read");
        whole.read(start + offset, target, from, length);
    }
}
