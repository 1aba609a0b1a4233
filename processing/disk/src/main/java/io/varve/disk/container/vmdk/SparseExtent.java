package io.varve.disk.container.vmdk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.container.Disks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The header of a hosted sparse extent, plain or stream-optimised.
///
/// @param grain bytes of one grain
/// @param tableEntries grains one table speaks of
/// @param directory offset of the grain directory, in bytes; [#AT_END] when only the footer knows
/// @param spare offset of the redundant grain directory, in bytes; 0 when there is none
record SparseExtent(
        long size,
        long grain,
        long tableEntries,
        long directory,
        long spare,
        long overhead,
        long descriptorOffset,
        long descriptorSize,
        int flags) {
    static final long AT_END = -1;

    private static final int MAGIC = 0x564d444b;
    private static final int HIGHEST_VERSION = 3;

    private static final int SPARE_DIRECTORY = 1 << 1;
    private static final int ZERO_ENTRIES = 1 << 2;
    private static final int COMPRESSED = 1 << 16;
    private static final int MARKERS = 1 << 17;

    private static final int MOST_ENTRIES = 1 << 16;
    private static final long LARGEST_GRAIN = 1L << 30;
    private static final long LARGEST_COMPRESSED = 2L << 20;

    /// Sectors at the end of the file in which the footer is looked for.
    private static final int FOOTER_WITHIN = 128;

    boolean isCompressed() {
        return (flags & COMPRESSED) != 0;
    }

    boolean hasMarkers() {
        return (flags & MARKERS) != 0;
    }

    boolean hasZeroEntries() {
        return (flags & ZERO_ENTRIES) != 0;
    }

    static boolean isOne(Bytes file) throws IOException {
        return file.size() >= Disks.SECTOR
                && Cursor.littleEndian(file.at(0, 4, "VMDK magic")).i32("VMDK magic") == MAGIC;
    }

    static Vmdk.Extent of(Bytes file) throws IOException {
        SparseExtent header = header(file, 0);
        Optional<Descriptor> descriptor = header.descriptorOffset > 0 && header.descriptorSize > 0
                ? Optional.of(Descriptor.of(file, header.descriptorOffset, header.descriptorSize))
                : Optional.empty();
        List<String> notes = new ArrayList<>();
        if (header.directory != AT_END) {
            return new Vmdk.Extent(header.size, new Grains(file, header), descriptor, notes);
        }
        Optional<SparseExtent> footer = footer(file);
        if (footer.isPresent()) {
            return new Vmdk.Extent(footer.get().size, new Grains(file, footer.get()), descriptor, notes);
        }
        notes.add("the image is cut: its footer is missing, what is here was found by its grain markers");
        return new Vmdk.Extent(header.size, MarkedGrains.of(file, header), descriptor, notes);
    }

    private static Optional<SparseExtent> footer(Bytes file) throws IOException {
        long last = file.size() / Disks.SECTOR - 1;
        for (long sector = last; sector > Math.max(0, last - FOOTER_WITHIN); sector--) {
            long offset = sector * Disks.SECTOR;
            if (Cursor.littleEndian(file.at(offset, 4, "VMDK footer")).i32("VMDK footer") == MAGIC) {
                SparseExtent footer = header(file, offset);
                return footer.directory == AT_END ? Optional.empty() : Optional.of(footer);
            }
        }
        return Optional.empty();
    }

    private static SparseExtent header(Bytes file, long offset) throws IOException {
        Cursor in = Cursor.littleEndian(file.at(offset, Disks.SECTOR, "VMDK sparse header"));
        in.skip(4, "VMDK magic");
        long version = in.u32("VMDK version");
        if (version < 1 || version > HIGHEST_VERSION) {
            throw new LayerException(
                    Vmdk.LAYER,
                    OptionalLong.of(offset + 4),
                    "version %d is not read".formatted(version),
                    "convert the image with VMware's tools");
        }
        int flags = in.i32("VMDK flags");
        long size = Disks.sectors(in.i64("VMDK capacity"), "VMDK capacity at offset " + (offset + 12));
        long grain = Disks.sectors(in.i64("VMDK grain size"), "VMDK grain size at offset " + (offset + 20));
        long descriptor = Disks.sectors(in.i64("VMDK descriptor offset"), "VMDK descriptor offset");
        long descriptorSize = Disks.sectors(in.i64("VMDK descriptor size"), "VMDK descriptor size");
        long entries = in.u32("VMDK grain table entries");
        long spare = in.i64("VMDK redundant grain directory");
        long directory = in.i64("VMDK grain directory");
        long overhead = Disks.sectors(in.i64("VMDK overhead"), "VMDK overhead");
        in.skip(5, "VMDK line ends");
        int compression = in.u16("VMDK compression");
        boolean compressed = (flags & COMPRESSED) != 0;
        if (grain == 0 || grain > (compressed ? LARGEST_COMPRESSED : LARGEST_GRAIN)) {
            throw new CorruptException("VMDK grain size at offset %d is %d bytes".formatted(offset + 20, grain));
        }
        if (entries == 0 || entries > MOST_ENTRIES) {
            throw new CorruptException("VMDK grain table entries at offset %d are %d, allowed are 1 to %d"
                    .formatted(offset + 44, entries, MOST_ENTRIES));
        }
        if (compressed && compression != 1) {
            throw new LayerException(
                    Vmdk.LAYER,
                    OptionalLong.of(offset + 77),
                    "compression %d is not known".formatted(compression),
                    "convert the image with VMware's tools");
        }
        return new SparseExtent(
                size,
                grain,
                entries,
                directory == AT_END ? AT_END : Disks.sectors(directory, "VMDK grain directory"),
                (flags & SPARE_DIRECTORY) == 0 || spare == AT_END ? 0 : Disks.sectors(spare, "VMDK spare directory"),
                overhead,
                descriptor,
                descriptorSize,
                flags);
    }
}
