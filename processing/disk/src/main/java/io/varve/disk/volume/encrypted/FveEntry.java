package io.varve.disk.volume.encrypted;

import io.varve.binary.CorruptException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One entry of BitLocker's metadata: a size, what it is for, what it holds, and its data. Entries hold entries.
///
/// @param role what it is for, e.g. [#VOLUME_MASTER_KEY]
/// @param type what it holds, e.g. [#CCM_KEY]
record FveEntry(int role, int type, byte[] data) {
    static final int VOLUME_MASTER_KEY = 2;
    static final int VOLUME_KEY = 3;
    static final int STARTUP_KEY = 6;
    static final int VOLUME_HEADER = 15;

    static final int KEY = 1;
    static final int STRETCH_KEY = 3;
    static final int CCM_KEY = 5;
    static final int PROTECTOR = 8;
    static final int EXTERNAL_KEY = 9;
    static final int OFFSET_AND_SIZE = 15;

    private static final int HEADER = 8;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The entries from `start` to `end`; a size of 0 ends them early.
    static List<FveEntry> list(byte[] bytes, int start, int end, String where) {
        var entries = new ArrayList<FveEntry>();
        var segment = MemorySegment.ofArray(bytes);
        int at = start;
        while (end - at >= HEADER) {
            int size = segment.get(SHORT, at) & 0xffff;
            if (size == 0) {
                break;
            }
            if (size < HEADER || size > end - at) {
                throw new CorruptException("%s: entry at %d has size %d of %d".formatted(where, at, size, end - at));
            }
            byte[] data = segment.asSlice(at + HEADER, size - HEADER).toArray(ValueLayout.JAVA_BYTE);
            entries.add(new FveEntry(segment.get(SHORT, at + 2), segment.get(SHORT, at + 4), data));
            at += size;
        }
        return entries;
    }

    /// The entries inside, behind this many bytes of own fields.
    List<FveEntry> inside(int fields) {
        need(fields);
        return list(data, fields, data.length, "BitLocker entry of type " + type);
    }

    static Optional<FveEntry> first(List<FveEntry> entries, int type) {
        return entries.stream().filter(entry -> entry.type == type).findFirst();
    }

    int u16(int offset) {
        need(offset + 2);
        return MemorySegment.ofArray(data).get(SHORT, offset) & 0xffff;
    }

    long i64(int offset) {
        need(offset + 8);
        return MemorySegment.ofArray(data).get(LONG, offset);
    }

    byte[] from(int offset, int length) {
        need(Math.addExact(offset, length));
        return Arrays.copyOfRange(data, offset, offset + length);
    }

    private void need(int length) {
        if (length > data.length) {
            throw new CorruptException("BitLocker entry of role %d and type %d has %d bytes, needs %d"
                    .formatted(role, type, data.length, length));
        }
    }
}
