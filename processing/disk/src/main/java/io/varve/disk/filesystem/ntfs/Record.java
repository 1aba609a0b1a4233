package io.varve.disk.filesystem.ntfs;

import io.varve.disk.LittleEndian;

/// Fields of a record of `$MFT` whose true bytes are in place.
final class Record {
    /// The part of a file reference that is the record's number; the sequence number is above it.
    static final long NUMBER = 0xffff_ffff_ffffL;

    /// Most bytes of an attribute list; Windows makes none above 256 KiB.
    static final int LONGEST_LIST = 1 << 20;

    static final int IN_USE = 1;
    static final int DIRECTORY = 2;

    private static final int HEADER = 42;

    private Record() {}

    static int sequence(byte[] bytes, int start) {
        return LittleEndian.u16(bytes, start + 16);
    }

    static int links(byte[] bytes, int start) {
        return LittleEndian.u16(bytes, start + 18);
    }

    static int flags(byte[] bytes, int start) {
        return LittleEndian.u16(bytes, start + 22);
    }

    /// Reference to the record whose attributes this one continues; 0 when it continues none.
    static long base(byte[] bytes, int start) {
        return LittleEndian.i64(bytes, start + 32);
    }

    static int sequence(long reference) {
        return (int) (reference >>> 48);
    }

    /// Offset of the first attribute.
    static int first(byte[] record) {
        return first(record, 0, record.length);
    }

    static int first(byte[] bytes, int start, int end) {
        int offset = LittleEndian.u16(bytes, start + 20);
        return offset < HEADER || (offset & 7) != 0 || offset > end - start ? end : start + offset;
    }

    /// Whether an attribute that can be read starts here.
    static boolean isAttribute(byte[] record, int at) {
        return at <= record.length - 4
                && LittleEndian.i32(record, at) != Attribute.END
                && Attribute.fits(record, at, record.length);
    }
}
