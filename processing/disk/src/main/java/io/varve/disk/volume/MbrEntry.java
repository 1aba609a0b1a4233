package io.varve.disk.volume;

import io.varve.binary.Cursor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One of the four entries in a master or extended boot record.
///
/// @param slot 0 to 3
/// @param status 0x80 for the partition to boot from, else 0
/// @param first in sectors: from the start of the disk, in extended boot records from their own place
record MbrEntry(int slot, int status, int type, long first, long count) {
    static final int TABLE = 446;
    static final int SIZE = 16;
    static final int PROTECTIVE = 0xee;

    static List<MbrEntry> read(byte[] sector) {
        List<MbrEntry> entries = new ArrayList<>(4);
        for (int slot = 0; slot < 4; slot++) {
            Cursor in = Cursor.littleEndian(MemorySegment.ofArray(sector)).at(TABLE + (long) slot * SIZE);
            int status = in.u8("status");
            in.skip(3, "first sector by cylinder, head and sector");
            int type = in.u8("type");
            in.skip(3, "last sector by cylinder, head and sector");
            entries.add(new MbrEntry(slot, status, type, in.u32("first sector"), in.u32("number of sectors")));
        }
        return entries;
    }

    boolean used() {
        return count != 0;
    }

    /// Linux takes no table whose entries have another status.
    boolean plausible() {
        return status == 0 || status == 0x80;
    }

    /// The types that Linux follows to logical partitions.
    boolean extended() {
        return type == 0x05 || type == 0x0f || type == 0x85;
    }

    boolean protective() {
        return type == PROTECTIVE;
    }

    boolean overlaps(MbrEntry other) {
        return first < other.first + other.count && other.first < first + count;
    }

    String kind() {
        return PartitionTypes.mbr(type);
    }
}
