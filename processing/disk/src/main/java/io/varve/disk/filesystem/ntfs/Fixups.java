package io.varve.disk.filesystem.ntfs;

import io.varve.disk.LittleEndian;

/// The update sequence of records and index blocks: the last two bytes of each 512 hold a number that proves that
/// they were written together, and the true bytes lie in the header.
final class Fixups {
    private static final int STRIDE = 512;

    private Fixups() {}

    /// Puts the true bytes back in place.
    ///
    /// @return what is wrong; empty text when nothing is
    static String apply(byte[] bytes, int start, int size) {
        int offset = LittleEndian.u16(bytes, start + 4);
        int count = LittleEndian.u16(bytes, start + 6);
        if (count != size / STRIDE + 1) {
            return "update sequence of %d numbers for %d bytes".formatted(count, size);
        }
        if ((offset & 1) != 0 || offset < 8 || offset + 2 * count > size) {
            return "update sequence at " + offset;
        }
        int number = LittleEndian.u16(bytes, start + offset);
        for (int i = 1; i < count; i++) {
            if (LittleEndian.u16(bytes, start + i * STRIDE - 2) != number) {
                return "bytes %d to %d were not written with the rest".formatted((i - 1) * STRIDE, i * STRIDE - 1);
            }
        }
        for (int i = 1; i < count; i++) {
            LittleEndian.put16(bytes, start + i * STRIDE - 2, LittleEndian.u16(bytes, start + offset + 2 * i));
        }
        return "";
    }
}
