package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The space-efficient sparse extent of snapshots on VMFS 6, `seSparse`: grains of 4 KiB, entries of 64 bits whose
/// highest four bits say what they are.
record SeSparseExtent(
        Bytes file, Pages tables, long grain, long entries, long directory, long tableArea, long grainArea)
        implements Layout {
    private static final long MAGIC = 0xcafebabeL;
    private static final long VERSION = 0x2_0000_0001L;
    private static final long LARGEST_GRAIN = 1L << 20;
    private static final long LARGEST_TABLE = 1L << 20;

    static boolean isOne(Bytes file) throws IOException {
        return file.size() >= Disks.SECTOR
                && Cursor.littleEndian(file.at(0, 8, "seSparse magic")).i64("seSparse magic") == MAGIC;
    }

    static Vmdk.Extent of(Bytes file) throws IOException {
        Cursor in = Cursor.littleEndian(file.at(0, Disks.SECTOR, "seSparse header"));
        in.skip(8, "seSparse magic");
        if (in.i64("seSparse version") != VERSION) {
            throw new LayerException(
                    Vmdk.LAYER,
                    OptionalLong.of(8),
                    "this version of seSparse is not read",
                    "export the disk with VMware's tools");
        }
        long size = sectors(in, "size");
        long grain = sectors(in, "grain size");
        long table = sectors(in, "grain table size");
        if (grain == 0 || grain > LARGEST_GRAIN || table == 0 || table > LARGEST_TABLE) {
            throw new CorruptException(
                    "seSparse grains at offset 24 are of %d bytes, tables of %d".formatted(grain, table));
        }
        in.skip(40, "seSparse flags");
        long volatileHeader = sectors(in, "volatile header");
        in.skip(40, "seSparse journal");
        long directory = sectors(in, "grain directory");
        in.skip(8, "seSparse grain directory size");
        long tableArea = sectors(in, "grain tables");
        in.skip(40, "seSparse bitmaps");
        long grainArea = sectors(in, "grains");
        List<String> notes = new ArrayList<>();
        Cursor changing = Cursor.littleEndian(file.at(volatileHeader, 32, "seSparse volatile header"));
        changing.skip(24, "seSparse volatile header");
        if (changing.i64("seSparse journal state") != 0) {
            notes.add("the journal of the image was not replayed; its last changes may be missing");
        }
        Layout layout = new SeSparseExtent(
                file, Pages.littleEndian(file), grain, table / Long.BYTES, directory, tableArea, grainArea);
        return new Vmdk.Extent(size, layout, Optional.empty(), notes);
    }

    private static long sectors(Cursor in, String field) {
        return Disks.sectors(in.i64("seSparse " + field), "seSparse " + field);
    }

    @Override
    public Run at(long offset) throws IOException {
        long number = offset / grain;
        long within = offset % grain;
        long table = tables.i64(directory + number / entries * Long.BYTES, "seSparse directory entry");
        if (table == 0) {
            return new Run.Below((entries - number % entries) * grain - within);
        }
        if (table >>> 32 != 0x1000_0000L) {
            throw new CorruptException("seSparse directory entry is %016x".formatted(table));
        }
        long start = tableArea + (table & 0xffff_ffffL) * entries * Long.BYTES;
        long entry = tables.i64(start + number % entries * Long.BYTES, "seSparse table entry");
        return switch ((int) (entry >>> 60)) {
            case 0 -> new Run.Below(grain - within);
            case 1, 2 -> new Run.Zeros(grain - within);
            case 3 -> new Run.Stored(file, position(entry) + within, grain - within);
            default -> throw new CorruptException("seSparse table entry is %016x".formatted(entry));
        };
    }

    private long position(long entry) {
        long index = (entry & 0x0fff_0000_0000_0000L) >>> 48 | (entry & 0x0000_ffff_ffff_ffffL) << 12;
        if (index > Disks.LARGEST / grain) {
            throw new CorruptException("seSparse table entry %016x lies past every disk".formatted(entry));
        }
        return grainArea + index * grain;
    }
}
