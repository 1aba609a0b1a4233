package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.Problems;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The label of a device and what it leads to: its UUID and the areas with metadata.
///
/// Source: LVM2 `lib/label/label.h` (label_header), `lib/format_text/layout.h` (pv_header, disk_locn).
///
/// @param uuid 32 letters and digits, without hyphens
/// @param areas newest metadata of each area that has some
record PhysicalVolume(String name, Bytes bytes, String uuid, List<Group> areas) {
    private static final int SECTOR = 512;
    private static final int SECTORS = 4;
    private static final String LABEL = "LABELONE";
    private static final String TYPE = "LVM2 001";

    /// Most areas of each kind that a header of one sector can list.
    private static final int AREAS = 30;

    /// Byte offset of the label, in one of the first four sectors.
    static Optional<Long> label(Bytes device) throws IOException {
        for (long place = 0; place < SECTORS * SECTOR && place <= device.size() - SECTOR; place += SECTOR) {
            byte[] sector = new byte[SECTOR];
            device.read(place, sector, 0, SECTOR);
            boolean here = text(sector, 0).equals(LABEL) && text(sector, 24).equals(TYPE);
            if (here) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    private static String text(byte[] sector, int offset) {
        return new String(sector, offset, 8, StandardCharsets.ISO_8859_1);
    }

    static PhysicalVolume read(String name, Bytes device, Problems problems) throws IOException {
        long place = label(device).orElseThrow(() -> new CorruptException(name + " has no LVM2 label"));
        byte[] sector = new byte[SECTOR];
        device.read(place, sector, 0, SECTOR);
        Cursor label = Cursor.littleEndian(MemorySegment.ofArray(sector));
        long stored = label.at(16).u32("checksum of the label");
        if (Checksum.of(sector, 20, SECTOR - 20) != stored) {
            problems.lost(
                    OptionalLong.of(place),
                    "the LVM2 label of %s does not have its checksum; it is read all the same".formatted(name));
        }
        Cursor header = label.at(label.at(20).u32("offset of the header"));
        String uuid = new String(header.bytes(32, "UUID").toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        header.skip(8, "device size");
        locations(header);
        List<Group> areas = new ArrayList<>();
        for (Location location : locations(header)) {
            area(name, device, location, problems).ifPresent(areas::add);
        }
        return new PhysicalVolume(name, device, uuid, List.copyOf(areas));
    }

    private record Location(long offset, long size) {}

    private static List<Location> locations(Cursor header) {
        List<Location> all = new ArrayList<>();
        while (all.size() < AREAS) {
            long offset = header.i64("offset of an area");
            long size = header.i64("size of an area");
            if (offset == 0) {
                return all;
            }
            all.add(new Location(offset, size));
        }
        throw new CorruptException("an LVM2 header lists more than %d areas".formatted(AREAS));
    }

    private static Optional<Group> area(String name, Bytes device, Location location, Problems problems)
            throws IOException {
        try {
            return MetadataArea.read(device, location.offset, location.size);
        } catch (CorruptException e) {
            Optional<Group> older = MetadataArea.older(device, location.offset, location.size);
            problems.lost(
                    OptionalLong.of(location.offset),
                    "the LVM2 metadata of %s is damaged (%s)%s"
                            .formatted(
                                    name,
                                    e.getMessage(),
                                    older.map(group -> "; version %d is still there and may be read"
                                                    .formatted(group.sequence()))
                                            .orElse("")));
            return older;
        }
    }
}
