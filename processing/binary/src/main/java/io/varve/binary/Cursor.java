package io.varve.binary;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A reading position in a block of evidence bytes. Every read names its field, so an error names it too.
public final class Cursor {
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment bytes;
    private final boolean big;
    private long position;

    private Cursor(MemorySegment bytes, long position, boolean big) {
        this.bytes = bytes;
        this.position = position;
        this.big = big;
    }

    public static Cursor littleEndian(MemorySegment bytes) {
        return new Cursor(bytes, 0, false);
    }

    public static Cursor bigEndian(MemorySegment bytes) {
        return new Cursor(bytes, 0, true);
    }

    public long position() {
        return position;
    }

    public long remaining() {
        return bytes.byteSize() - position;
    }

    public Cursor at(long offset) {
        if (offset < 0 || offset > bytes.byteSize()) {
            throw new CorruptException("offset %d of %d".formatted(offset, bytes.byteSize()));
        }
        return new Cursor(bytes, offset, big);
    }

    public int u8(String field) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1, field)) & 0xff;
    }

    public int u16(String field) {
        return bytes.get(big ? BE16 : LE16, advance(2, field)) & 0xffff;
    }

    public int i32(String field) {
        return bytes.get(big ? BE32 : LE32, advance(4, field));
    }

    public long u32(String field) {
        return i32(field) & 0xffff_ffffL;
    }

    public long i64(String field) {
        return bytes.get(big ? BE64 : LE64, advance(8, field));
    }

    /// The next bytes as a view.
    public MemorySegment bytes(long length, String field) {
        return bytes.asSlice(advance(length, field), length);
    }

    public void skip(long length, String field) {
        advance(length, field);
    }

    /// A fixed-width field of UTF-8 that ends at the first zero byte.
    public String text(int length, String field) {
        byte[] raw = bytes(length, field).toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < raw.length && raw[end] != 0) {
            end++;
        }
        return new String(raw, 0, end, StandardCharsets.UTF_8);
    }

    private long advance(long length, String field) {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw new CorruptException(
                    "%s needs %d bytes at offset %d of %d".formatted(field, length, position, bytes.byteSize()));
        }
        long start = position;
        position += length;
        return start;
    }
}
