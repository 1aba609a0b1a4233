package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.Problems;
import io.varve.disk.volume.Places.Extent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// A BSD disklabel in the second sector of a DOS partition, which it divides into partitions `a` to `p`.
///
/// Sources: FreeBSD `sys/sys/disklabel.h`; Linux `block/partitions/msdos.c` for the numbering and for labels whose
/// offsets count from the partition.
final class BsdLabel {
    /// Types of DOS partitions that have one: FreeBSD, OpenBSD, NetBSD.
    static final Set<Integer> TYPES = Set.of(0xa5, 0xa6, 0xa9);

    private static final int FREEBSD = 0xa5;
    private static final int SECTOR = 512;
    private static final long MAGIC = 0x82564557L;
    private static final int PARTITIONS = 148;
    private static final int MOST = 22;
    private static final List<String> KINDS = List.of(
            "unused",
            "swap",
            "Version 6",
            "Version 7",
            "System V",
            "4.1BSD",
            "Eighth Edition",
            "4.2BSD",
            "MSDOS",
            "4.4LFS",
            "unknown",
            "HPFS",
            "ISO9660",
            "boot",
            "ADOS",
            "HFS",
            "ADFS",
            "ext2fs",
            "ccd",
            "RAID");

    private BsdLabel() {}

    /// Adds the partitions of the label in `slice`, if it has one, numbered from `next` on; returns the next number.
    static int read(Bytes device, Extent slice, int type, Places places, int next, Problems problems)
            throws IOException {
        long place = slice.start() + SECTOR;
        if (place > device.size() - SECTOR) {
            return next;
        }
        byte[] sector = BootSector.read(device, place);
        Cursor label = Cursor.littleEndian(MemorySegment.ofArray(sector));
        if (label.u32("magic") != MAGIC || label.at(132).u32("second magic") != MAGIC) {
            return next;
        }
        int count = label.at(138).u16("number of partitions");
        if (count > MOST || checksum(sector, PARTITIONS + count * 16) != 0) {
            problems.lost(OptionalLong.of(place), "a BSD disklabel is damaged: its partitions are not known");
            return next;
        }
        int number = next;
        for (Entry entry : entries(label, count, type, slice)) {
            places.add("p" + number++, "BSD " + entry.kind, entry.extent, place + PARTITIONS + entry.index * 16L);
        }
        return number;
    }

    private static List<Entry> entries(Cursor label, int count, int type, Extent slice) {
        boolean relative = type == FREEBSD
                && count > 2
                && label.at(PARTITIONS + 2 * 16 + 4).u32("offset of c") == 0;
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Cursor in = label.at(PARTITIONS + i * 16L);
            long sectors = in.u32("size");
            long first = in.u32("offset");
            in.skip(4, "fragment size");
            int kind = in.u8("type");
            Extent at = Extent.sectors(first, sectors, SECTOR);
            Extent extent = relative ? new Extent(at.start() + slice.start(), at.length()) : at;
            boolean inside = extent.start() >= slice.start()
                    && extent.start() + extent.length() <= slice.start() + slice.length();
            if (kind != 0 && sectors != 0 && inside && !extent.equals(slice)) {
                String name = kind < KINDS.size() ? KINDS.get(kind) : "type " + kind;
                entries.add(new Entry(i, "%s (%c)".formatted(name, 'a' + i), extent));
            }
        }
        return entries;
    }

    /// All 16-bit words, the stored checksum among them, add up to 0 without carry.
    private static int checksum(byte[] sector, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum ^= sector[i] & 0xff | (sector[i + 1] & 0xff) << 8;
        }
        return sum;
    }

    private record Entry(int index, String kind, Extent extent) {}
}
