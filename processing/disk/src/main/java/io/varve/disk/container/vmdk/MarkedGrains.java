package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Layout;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// The grains of a stream-optimised extent that was cut: found one by one by the marker before each.
///
/// Grains that are not there are absent, not zero: reading them is an error, unless a later grain shows that the stream
/// had passed them.
record MarkedGrains(Grains grains, SparseExtent header, TreeMap<Long, Long> offsets, long end) implements Layout {
    private static final int MARKER = 16;

    /// Most grains looked for: 256 GiB of disk in usual grains.
    private static final int MOST = 1 << 22;

    static MarkedGrains of(Bytes file, SparseExtent header) throws IOException {
        TreeMap<Long, Long> offsets = new TreeMap<>();
        long position = header.overhead();
        long sectors = header.grain() / Disks.SECTOR;
        while (position <= file.size() - MARKER && offsets.size() < MOST) {
            Cursor in = Cursor.littleEndian(file.at(position, MARKER, "VMDK marker"));
            long value = in.i64("VMDK marker value");
            long length = in.u32("VMDK marker size");
            if (length == 0) {
                long skipped = in.u32("VMDK marker type") == 0 ? 0 : Math.clamp(value, 0, file.size() / Disks.SECTOR);
                position += (1 + skipped) * Disks.SECTOR;
                continue;
            }
            if (value < 0 || value % sectors != 0 || value >= header.size() / Disks.SECTOR) {
                break;
            }
            offsets.put(value / sectors, position);
            position += (12 + length + Disks.SECTOR - 1) / Disks.SECTOR * Disks.SECTOR;
        }
        long end = offsets.isEmpty() ? 0 : (offsets.lastKey() + 1) * header.grain();
        return new MarkedGrains(new Grains(file, header), header, offsets, end);
    }

    @Override
    public Run at(long offset) throws IOException {
        long number = offset / header.grain();
        int within = (int) (offset % header.grain());
        Long position = offsets.get(number);
        if (position != null) {
            return grains.packed(number, position, within);
        }
        if (offset >= end) {
            throw new CorruptException(
                    "VMDK grain of the disk at offset %d is not in the image, which is cut".formatted(offset));
        }
        Map.Entry<Long, Long> next = offsets.higherEntry(number);
        long until = next == null ? end : next.getKey() * header.grain();
        return new Run.Below(until - offset);
    }
}
