package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// ESX's first sparse extent, `vmfsSparse`: a directory of tables of 4,096 grains each.
final class CowdExtent {
    private static final int MAGIC = 0x44574f43;
    private static final int ENTRIES = 4096;
    private static final long LARGEST_GRAIN = 1L << 30;

    private CowdExtent() {}

    static boolean isOne(Bytes file) throws IOException {
        return file.size() >= Disks.SECTOR
                && Cursor.littleEndian(file.at(0, 4, "COWD magic")).i32("COWD magic") == MAGIC;
    }

    static Vmdk.Extent of(Bytes file) throws IOException {
        Cursor in = Cursor.littleEndian(file.at(0, Disks.SECTOR, "COWD header"));
        in.skip(12, "COWD magic, version, flags");
        long size = Disks.sectors(in.u32("COWD size"), "COWD size at offset 12");
        long grain = Disks.sectors(in.u32("COWD grain size"), "COWD grain size at offset 16");
        long directory = Disks.sectors(in.u32("COWD directory"), "COWD directory at offset 20");
        if (grain == 0 || grain > LARGEST_GRAIN) {
            throw new CorruptException("COWD grain size at offset 16 is %d bytes".formatted(grain));
        }
        Pages tables = Pages.littleEndian(file);
        Layout layout = offset -> at(file, tables, grain, directory, offset);
        return new Vmdk.Extent(size, layout, Optional.empty(), List.of());
    }

    private static Run at(Bytes file, Pages tables, long grain, long directory, long offset) throws IOException {
        long number = offset / grain;
        long within = offset % grain;
        long entry = directory + number / ENTRIES * Integer.BYTES;
        long table = tables.u32(entry, "COWD directory entry") * Disks.SECTOR;
        if (table == 0) {
            return new Run.Below((ENTRIES - number % ENTRIES) * grain - within);
        }
        long sector = tables.u32(table + number % ENTRIES * Integer.BYTES, "COWD table entry");
        if (sector == 0) {
            return new Run.Below(grain - within);
        }
        return new Run.Stored(file, sector * Disks.SECTOR + within, grain - within);
    }
}
