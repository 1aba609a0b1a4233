package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Entry.Times;
import io.varve.disk.LittleEndian;
import io.varve.disk.Names;
import java.nio.charset.StandardCharsets;

/// A `$FILE_NAME` attribute or index key, and the shorter form in which a [Pool] holds it: length, flags, sequence of
/// the parent, times (each only where it differs from the one before it), name in Latin-1 or UTF-16.
final class Label {
    /// Bytes of the attribute in front of the name.
    static final int HEADER = 66;

    /// Namespace of short names that stand beside a long one.
    static final int DOS = 2;

    private static final int WIDE = 1;
    /// Printable ASCII that needs no escape.
    private static final int PLAIN = 2;

    private Label() {}

    /// Whether the attribute holds a name that can be used.
    static boolean fits(byte[] bytes, int at, int length) {
        return length >= HEADER + 2 && bytes[at + 64] != 0 && HEADER + 2 * LittleEndian.u8(bytes, at + 64) <= length;
    }

    static long parent(byte[] bytes, int at) {
        return LittleEndian.i64(bytes, at);
    }

    static int namespace(byte[] bytes, int at) {
        return LittleEndian.u8(bytes, at + 65);
    }

    /// Keeps the attribute at `at`.
    static int keep(byte[] bytes, int at, Pool pool) {
        int length = LittleEndian.u8(bytes, at + 64);
        boolean wide = false;
        boolean plain = true;
        for (int i = 0; i < length; i++) {
            int c = LittleEndian.u16(bytes, at + HEADER + 2 * i);
            wide |= c > 0xff;
            plain &= c > 0x20 && c < 0x7f && c != '%' && c != '/' || c == ' ';
        }
        plain &= bytes[at + HEADER] != '.';
        int same = 0;
        int size = 12;
        for (int i = 1; i < 4; i++) {
            boolean equal = LittleEndian.i64(bytes, at + 8 + 8 * i) == LittleEndian.i64(bytes, at + 8 * i);
            same |= equal ? 8 << i : 0;
            size += equal ? 0 : 8;
        }
        int block = pool.reserve(size + (wide ? 2 * length : length));
        byte[] page = pool.page(block);
        int to = pool.offset(block);
        page[to] = (byte) length;
        page[to + 1] = (byte) (same | (wide ? WIDE : 0) | (plain ? PLAIN : 0));
        LittleEndian.put16(page, to + 2, Record.sequence(parent(bytes, at)));
        LittleEndian.put64(page, to + 4, LittleEndian.i64(bytes, at + 8));
        to += 12;
        for (int i = 1; i < 4; i++) {
            if ((same & 8 << i) == 0) {
                LittleEndian.put64(page, to, LittleEndian.i64(bytes, at + 8 + 8 * i));
                to += 8;
            }
        }
        if (wide) {
            System.arraycopy(bytes, at + HEADER, page, to, 2 * length);
            return block;
        }
        for (int i = 0; i < length; i++) {
            page[to + i] = bytes[at + HEADER + 2 * i];
        }
        return block;
    }

    static int parentSequence(Pool pool, int block) {
        return LittleEndian.u16(pool.page(block), pool.offset(block) + 2);
    }

    static Times times(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        return times(page, at + 4, page[at + 1]);
    }

    /// Times of which only the first and those that differ from the one before are stored.
    static Times times(byte[] page, int at, int same) {
        long created = LittleEndian.i64(page, at);
        int next = at + 8;
        long modified = (same & 0x10) != 0 ? created : LittleEndian.i64(page, next);
        next += (same & 0x10) != 0 ? 0 : 8;
        long changed = (same & 0x20) != 0 ? modified : LittleEndian.i64(page, next);
        next += (same & 0x20) != 0 ? 0 : 8;
        long accessed = (same & 0x40) != 0 ? changed : LittleEndian.i64(page, next);
        return FileTime.times(created, modified, changed, accessed);
    }

    static Times times(byte[] bytes, int at) {
        return FileTime.times(
                LittleEndian.i64(bytes, at + 8),
                LittleEndian.i64(bytes, at + 16),
                LittleEndian.i64(bytes, at + 24),
                LittleEndian.i64(bytes, at + 32));
    }

    private static int nameStart(byte[] page, int at) {
        return at + 12 + 8 * (3 - Integer.bitCount(page[at + 1] & 0x70));
    }

    /// The name as a segment of a path.
    static String name(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        int length = page[at] & 0xff;
        int from = nameStart(page, at);
        if ((page[at + 1] & WIDE) != 0) {
            return segment(Attribute.text(page, from, length));
        }
        String name = new String(page, from, length, StandardCharsets.ISO_8859_1);
        return (page[at + 1] & PLAIN) != 0 ? name : segment(name);
    }

    static String name(byte[] bytes, int at) {
        return segment(Attribute.text(bytes, at + HEADER, LittleEndian.u8(bytes, at + 64)));
    }

    /// A name made safe in a path; the POSIX namespace allows all but zero and `/`.
    static String segment(String name) {
        return name.equals(".") ? "%2E" : Names.segment(Names.utf16(name));
    }

    /// Whether the kept name is the one at `at` of an attribute.
    static boolean isName(Pool pool, int block, byte[] bytes, int at) {
        byte[] page = pool.page(block);
        int kept = pool.offset(block);
        if (page[kept] != bytes[at + 64]) {
            return false;
        }
        int length = page[kept] & 0xff;
        int from = nameStart(page, kept);
        boolean wide = (page[kept + 1] & WIDE) != 0;
        for (int i = 0; i < length; i++) {
            int c = wide ? LittleEndian.u16(page, from + 2 * i) : page[from + i] & 0xff;
            if (c != LittleEndian.u16(bytes, at + HEADER + 2 * i)) {
                return false;
            }
        }
        return true;
    }
}
