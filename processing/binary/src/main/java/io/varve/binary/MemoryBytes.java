package io.varve.binary;

import java.lang.foreign.MemorySegment;

/// Bytes already in memory; views share the array.
record MemoryBytes(byte[] array) implements Bytes {
    @Override
    public long size() {
        return array.length;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) {
        check(offset, length, "read");
        System.arraycopy(array, (int) offset, target, start, length);
    }

    @Override
    public MemorySegment at(long offset, long length, String field) {
        check(offset, length, field);
        return MemorySegment.ofArray(array).asSlice(offset, length);
    }
}
