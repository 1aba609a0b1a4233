package io.varve.disk.filesystem.ntfs;

import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;

/// One attribute of a file: its value in the record, or where its clusters lie. Extents of one attribute in several
/// records are joined.
sealed interface Attribute {
    int STANDARD_INFORMATION = 0x10;
    int ATTRIBUTE_LIST = 0x20;
    int FILE_NAME = 0x30;
    int VOLUME_NAME = 0x60;
    int DATA = 0x80;
    int INDEX_ROOT = 0x90;
    int INDEX_ALLOCATION = 0xa0;
    int BITMAP = 0xb0;
    int REPARSE_POINT = 0xc0;
    int EA = 0xe0;
    int END = 0xffff_ffff;

    int COMPRESSED = 0x00ff;
    int ENCRYPTED = 0x4000;

    int type();

    String name();

    int flags();

    long size();

    record Resident(int type, String name, int flags, byte[] value) implements Attribute {
        @Override
        public long size() {
            return value.length;
        }
    }

    /// @param unit power of two of the clusters that are compressed together; 0 when none are
    /// @param initialized bytes that were written; those after them are zero
    record Stored(int type, String name, int flags, int unit, long size, long initialized, Runs runs)
            implements Attribute {}

    /// Whether the header of an attribute at `at` in a record that ends at `end` can be read.
    static boolean fits(byte[] bytes, int at, int end) {
        if (at > end - 24) {
            return false;
        }
        long length = LittleEndian.u32(bytes, at + 4);
        return length >= 24
                && length <= end - at
                && (length & 7) == 0
                && LittleEndian.u16(bytes, at + 10) + 2L * LittleEndian.u8(bytes, at + 9) <= length
                && (bytes[at + 8] == 0 ? valueFits(bytes, at, (int) length) : length >= 64);
    }

    private static boolean valueFits(byte[] bytes, int at, int length) {
        return LittleEndian.u16(bytes, at + 20) + LittleEndian.u32(bytes, at + 16) <= length;
    }

    static int length(byte[] bytes, int at) {
        return LittleEndian.i32(bytes, at + 4);
    }

    static boolean isResident(byte[] bytes, int at) {
        return bytes[at + 8] == 0;
    }

    /// Start of a resident value.
    static int value(byte[] bytes, int at) {
        return at + LittleEndian.u16(bytes, at + 20);
    }

    static int valueLength(byte[] bytes, int at) {
        return LittleEndian.i32(bytes, at + 16);
    }

    /// First cluster that a non-resident extent describes; 0 for a resident attribute.
    static long lowest(byte[] bytes, int at) {
        return isResident(bytes, at) ? 0 : LittleEndian.i64(bytes, at + 16);
    }

    /// Size of the value; only the first extent of a non-resident attribute states it.
    static long size(byte[] bytes, int at) {
        return isResident(bytes, at) ? LittleEndian.u32(bytes, at + 16) : LittleEndian.i64(bytes, at + 48);
    }

    static int nameLength(byte[] bytes, int at) {
        return LittleEndian.u8(bytes, at + 9);
    }

    static String name(byte[] bytes, int at) {
        return text(bytes, at + LittleEndian.u16(bytes, at + 10), nameLength(bytes, at));
    }

    /// UTF-16 as stored; halves of pairs that stand alone stay as they are.
    static String text(byte[] bytes, int from, int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = (char) LittleEndian.u16(bytes, from + 2 * i);
        }
        return new String(text);
    }

    /// Adds the run list of a non-resident extent.
    static void addRuns(byte[] bytes, int at, Runs runs) {
        int pairs = LittleEndian.u16(bytes, at + 32);
        int length = length(bytes, at);
        if (pairs < 64 || pairs > length) {
            throw new CorruptException("run list at %d in an attribute of %d bytes".formatted(pairs, length));
        }
        runs.add(lowest(bytes, at), bytes, at + pairs, at + length);
    }
}
