package io.varve.disk.container.vhd;

import io.varve.binary.Bytes;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.IOException;

/// Where the blocks of a disk lie. Each starts with a bitmap of its sectors; in a differencing disk it says which of
/// them are here and which in the parent.
record BlockTable(Bytes file, DynamicHeader header, Kind kind, Pages tables) implements Layout {
    private static final long NOT_STORED = 0xffff_ffffL;

    enum Kind {
        DYNAMIC,
        DIFFERENCING
    }

    BlockTable(Bytes file, DynamicHeader header, Kind kind) {
        this(file, header, kind, Pages.bigEndian(file));
    }

    @Override
    public Run at(long offset) throws IOException {
        long within = offset % header.blockSize();
        long left = header.blockSize() - within;
        long entry = header.table() + offset / header.blockSize() * Integer.BYTES;
        long sector = tables.u32(entry, "VHD block allocation table entry");
        if (sector == NOT_STORED) {
            return new Run.Below(left);
        }
        long bitmap = sector * Disks.SECTOR;
        long sectors = header.blockSize() / Disks.SECTOR;
        long data = bitmap + ((sectors + 7) / 8 + Disks.SECTOR - 1) / Disks.SECTOR * Disks.SECTOR;
        if (kind == Kind.DYNAMIC) {
            return new Run.Stored(file, data + within, left);
        }
        long first = within / Disks.SECTOR;
        boolean here = isHere(bitmap, first);
        long end = first + 1;
        while (end < sectors && isHere(bitmap, end) == here) {
            end++;
        }
        long length = end * Disks.SECTOR - within;
        return here ? new Run.Stored(file, data + within, length) : new Run.Below(length);
    }

    private boolean isHere(long bitmap, long sector) throws IOException {
        int bits = tables.u8(bitmap + sector / 8, "VHD sector bitmap");
        return (bits & 0x80 >> (int) (sector % 8)) != 0;
    }
}
