package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import java.util.Arrays;

/// Nothing but zeros.
record Zeros(long size) implements Bytes {
    @Override
    public void read(long offset, byte[] target, int start, int length) {
        check(offset, length, "read");
        Arrays.fill(target, start, start + length, (byte) 0);
    }

    @Override
    public long zeros(long offset) {
        return offset < 0 || offset > size ? 0 : size - offset;
    }
}
