package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.Blocks;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Inflated;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Pages;
import io.varve.disk.container.Run;
import java.io.IOException;

/// Where the grains of a hosted sparse extent lie: a directory of tables of grains. Where the directory or a table of
/// it lies outside the file, the redundant one is asked.
final class Grains implements Layout {
    private static final int MARKER = 12;

    private final Bytes file;
    private final SparseExtent header;
    private final Pages tables;
    private final Blocks blocks;

    Grains(Bytes file, SparseExtent header) {
        this.file = file;
        this.header = header;
        this.tables = Pages.littleEndian(file);
        this.blocks = new Blocks((int) header.grain());
    }

    @Override
    public Run at(long offset) throws IOException {
        long number = offset / header.grain();
        long entries = header.tableEntries();
        long table = table(number / entries);
        long index = number % entries;
        long within = offset % header.grain();
        if (table == 0) {
            return new Run.Below((entries - index) * header.grain() - within);
        }
        long sector = tables.u32(table + index * Integer.BYTES, "VMDK grain table entry");
        if (sector == 0) {
            return new Run.Below(header.grain() - within);
        }
        if (sector == 1 && header.hasZeroEntries()) {
            return new Run.Zeros(header.grain() - within);
        }
        if (!header.isCompressed()) {
            return new Run.Stored(file, sector * Disks.SECTOR + within, header.grain() - within);
        }
        return packed(number, sector * Disks.SECTOR, (int) within);
    }

    /// A compressed grain and where in it to start.
    Run packed(long number, long position, int within) {
        return new Run.Packed(
                () -> blocks.get(position, number, () -> expanded(number, position)), within, header.grain() - within);
    }

    /// The offset of a grain table; 0 when none of its grains is stored.
    private long table(long index) throws IOException {
        long at = header.directory() + index * Integer.BYTES;
        if (at <= file.size() - Integer.BYTES || header.spare() == 0) {
            long table = tables.u32(at, "VMDK grain directory entry") * Disks.SECTOR;
            if (header.spare() == 0 || table <= file.size() - header.tableEntries() * Integer.BYTES) {
                return table;
            }
        }
        return tables.u32(header.spare() + index * Integer.BYTES, "VMDK spare grain directory entry") * Disks.SECTOR;
    }

    private byte[] expanded(long number, long position) throws IOException {
        String what = "VMDK compressed grain at offset " + position;
        long start = position;
        long length = Math.min(2 * header.grain(), file.size() - position);
        if (header.hasMarkers()) {
            Cursor marker = Cursor.littleEndian(file.at(position, MARKER, what));
            long first = marker.i64("VMDK grain marker sector");
            length = marker.u32("VMDK grain marker size");
            start += MARKER;
            if (first != number * (header.grain() / Disks.SECTOR)) {
                throw new CorruptException("%s is marked as of sector %d, not of %d"
                        .formatted(what, first, number * (header.grain() / Disks.SECTOR)));
            }
        }
        file.check(start, length, what);
        if (length > 2 * header.grain() + Disks.SECTOR) {
            throw new CorruptException("%s has %d bytes, a grain has %d".formatted(what, length, header.grain()));
        }
        byte[] packed = new byte[(int) length];
        file.read(start, packed, 0, packed.length);
        byte[] grain = new byte[(int) header.grain()];
        int count = Inflated.zlib(packed, grain, what);
        long needed = Math.min(grain.length, header.size() - number * header.grain());
        if (count < needed) {
            throw new CorruptException("%s holds %d of %d bytes".formatted(what, count, needed));
        }
        return grain;
    }
}
