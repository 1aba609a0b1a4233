package io.varve.binary;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Read-only bytes of known size, read at any offset: a file, a member of an archive, a device.
///
/// Reads outside the size are [CorruptException]s that name the field; read failures of the medium are [IOException]s.
public interface Bytes extends AutoCloseable {
    long size();

    /// Copies `length` bytes at `offset` into `target`; exactly that many, or an exception.
    void read(long offset, byte[] target, int start, int length) throws IOException;

    /// A view of `length` bytes at `offset`, valid until the next call: copy what outlives it.
    default MemorySegment at(long offset, long length, String field) throws IOException {
        check(offset, length, field);
        byte[] copy = new byte[Limits.check(length, Limits.STRUCTURE, field)];
        read(offset, copy, 0, copy.length);
        return MemorySegment.ofArray(copy);
    }

    /// How many bytes from `offset` on are known to be zero without reading them: a hole of a sparse file, a block that
    /// a container does not store. 0 when that is not known.
    default long zeros(long offset) throws IOException {
        return 0;
    }

    default void check(long offset, long length, String field) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new CorruptException("%s needs %d bytes at offset %d of %d".formatted(field, length, offset, size()));
        }
    }

    /// The bytes in order, buffered by the caller.
    default InputStream stream() {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int start, int length) throws IOException {
                Objects.checkFromIndexSize(start, length, target.length);
                int count = (int) Math.min(length, size() - position);
                if (length > 0 && count <= 0) {
                    return -1;
                }
                Bytes.this.read(position, target, start, count);
                position += count;
                return count;
            }
        };
    }

    @Override
    default void close() throws IOException {}

    /// Bytes already in memory.
    static Bytes of(byte[] array) {
        return new MemoryBytes(array);
    }
}
