package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Entry.Times;
import io.varve.disk.LittleEndian;
import java.util.ArrayList;
import java.util.List;

/// What a listing needs of one file, gathered from its records, and the shorter form in which a [Pool] holds it:
/// flags, DOS attributes, times, size, reparse tag, named streams.
final class Facts {
    /// Most named streams listed of one file.
    static final int STREAMS = 1_000;

    private static final int STANDARD = 1;
    private static final int REPARSE = 2;
    private static final int NAMED = 4;
    private static final int SIZED = 8;
    private static final String INDEX = "$I30";

    private final long[] times = new long[4];
    private final List<Named> streams = new ArrayList<>();
    private boolean standard;
    private int attributes;
    private long size;
    private boolean sized;
    private int tag;

    boolean listed;
    boolean indexed;
    boolean empty;
    boolean more;

    /// A stream that has a name.
    ///
    /// @param type of the attribute that holds it: data or the root of an index
    record Named(int type, String name, long size) {}

    void clear() {
        standard = false;
        attributes = 0;
        size = 0;
        sized = false;
        tag = 0;
        listed = false;
        indexed = false;
        empty = true;
        more = false;
        streams.clear();
    }

    /// Takes what the attribute at `at`, which fits, says.
    void take(byte[] bytes, int at) {
        empty = false;
        int type = LittleEndian.i32(bytes, at);
        switch (type) {
            case Attribute.STANDARD_INFORMATION -> standard(bytes, at);
            case Attribute.ATTRIBUTE_LIST -> listed = true;
            case Attribute.DATA, Attribute.INDEX_ROOT -> stream(type, bytes, at);
            case Attribute.INDEX_ALLOCATION -> indexed = true;
            case Attribute.REPARSE_POINT -> {
                boolean tagged = Attribute.isResident(bytes, at) && Attribute.valueLength(bytes, at) >= 8;
                tag = tagged ? LittleEndian.i32(bytes, Attribute.value(bytes, at)) : 1;
            }
            default -> {}
        }
    }

    private void standard(byte[] bytes, int at) {
        if (Attribute.isResident(bytes, at) && Attribute.valueLength(bytes, at) >= 48) {
            int value = Attribute.value(bytes, at);
            for (int i = 0; i < 4; i++) {
                times[i] = LittleEndian.i64(bytes, value + 8 * i);
            }
            attributes = LittleEndian.i32(bytes, value + 32);
            standard = true;
        }
    }

    private void stream(int type, byte[] bytes, int at) {
        if (Attribute.lowest(bytes, at) != 0) {
            return;
        }
        if (Attribute.nameLength(bytes, at) == 0) {
            if (type == Attribute.DATA && !sized) {
                size = Math.max(0, Attribute.size(bytes, at));
                sized = true;
            }
            return;
        }
        String name = Attribute.name(bytes, at);
        if (type == Attribute.INDEX_ROOT && name.equals(INDEX)) {
            size = sized ? size : Attribute.size(bytes, at);
            return;
        }
        if (streams.size() == STREAMS) {
            more = true;
            return;
        }
        streams.add(new Named(type, name, Math.max(0, Attribute.size(bytes, at))));
    }

    int keep(Pool pool) {
        int same = 0;
        int length = 1 + (standard ? 12 : 0) + (size != 0 ? 8 : 0) + (tag != 0 ? 4 : 0);
        for (int i = 1; i < 4; i++) {
            same |= times[i] == times[i - 1] ? 8 << i : 0;
            length += standard && times[i] != times[i - 1] ? 8 : 0;
        }
        if (!streams.isEmpty()) {
            length += 2;
            for (Named stream : streams) {
                length += 10 + 2 * stream.name.length();
            }
        }
        int block = pool.reserve(length);
        byte[] page = pool.page(block);
        int to = pool.offset(block);
        page[to++] = (byte) (same
                | (standard ? STANDARD : 0)
                | (tag != 0 ? REPARSE : 0)
                | (streams.isEmpty() ? 0 : NAMED)
                | (size != 0 ? SIZED : 0));
        if (standard) {
            LittleEndian.put32(page, to, attributes);
            LittleEndian.put64(page, to + 4, times[0]);
            to += 12;
            for (int i = 1; i < 4; i++) {
                if (times[i] != times[i - 1]) {
                    LittleEndian.put64(page, to, times[i]);
                    to += 8;
                }
            }
        }
        if (size != 0) {
            LittleEndian.put64(page, to, size);
            to += 8;
        }
        if (tag != 0) {
            LittleEndian.put32(page, to, tag);
            to += 4;
        }
        if (!streams.isEmpty()) {
            keepStreams(page, to);
        }
        return block;
    }

    private void keepStreams(byte[] page, int start) {
        int to = start;
        LittleEndian.put16(page, to, streams.size());
        to += 2;
        for (Named stream : streams) {
            page[to] = (byte) stream.name.length();
            page[to + 1] = (byte) stream.type;
            LittleEndian.put64(page, to + 2, stream.size);
            to += 10;
            for (int i = 0; i < stream.name.length(); i++, to += 2) {
                LittleEndian.put16(page, to, stream.name.charAt(i));
            }
        }
    }

    /// Whether the file has `$STANDARD_INFORMATION`.
    static boolean isStandard(Pool pool, int block) {
        return (pool.page(block)[pool.offset(block)] & STANDARD) != 0;
    }

    /// DOS attributes: 1 read-only, 2 hidden, 4 system, 0x800 compressed and so on.
    static int attributes(Pool pool, int block) {
        return isStandard(pool, block) ? LittleEndian.i32(pool.page(block), pool.offset(block) + 1) : 0;
    }

    static Times times(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        return isStandard(pool, block) ? Label.times(page, at + 5, page[at]) : Times.NONE;
    }

    private static int size(byte[] page, int at) {
        return at + 1 + ((page[at] & STANDARD) != 0 ? 12 + 8 * (3 - Integer.bitCount(page[at] & 0x70)) : 0);
    }

    static long size(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        return (page[at] & SIZED) != 0 ? LittleEndian.i64(page, size(page, at)) : 0;
    }

    /// Reparse tag; 0 when the file is no reparse point, 1 when its tag is not in the record.
    static int tag(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        return (page[at] & REPARSE) != 0
                ? LittleEndian.i32(page, size(page, at) + ((page[at] & SIZED) != 0 ? 8 : 0))
                : 0;
    }

    static List<Named> streams(Pool pool, int block) {
        byte[] page = pool.page(block);
        int at = pool.offset(block);
        if ((page[at] & NAMED) == 0) {
            return List.of();
        }
        int from = size(page, at) + ((page[at] & SIZED) != 0 ? 8 : 0) + ((page[at] & REPARSE) != 0 ? 4 : 0);
        List<Named> streams = new ArrayList<>();
        int count = LittleEndian.u16(page, from);
        from += 2;
        for (int i = 0; i < count; i++) {
            int length = page[from] & 0xff;
            streams.add(new Named(
                    page[from + 1] & 0xff, Attribute.text(page, from + 10, length), LittleEndian.i64(page, from + 2)));
            from += 10 + 2 * length;
        }
        return streams;
    }
}
