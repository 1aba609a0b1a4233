package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.Guids;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// What the image says of its disk.
///
/// @param sector bytes of a logical sector, 512 or 4096
/// @param locator where the parent is described; of length 0 when there is none
record Metadata(long size, long blockSize, int sector, boolean isFixed, boolean hasParent, Regions.Region locator) {
    private static final long SIGNATURE = 0x6174_6164_6174_656dL;
    private static final int TABLE = 64 << 10;
    private static final int MOST = 2047;
    private static final int LARGEST_ITEM = 1 << 20;
    private static final long MEBIBYTE = 1 << 20;
    private static final long LARGEST_DISK = 64L << 40;

    private static final UUID PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    private static final UUID SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    private static final UUID SECTOR = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    private static final UUID LOCATOR = UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
    private static final UUID DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
    private static final UUID PHYSICAL_SECTOR = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
    private static final Set<UUID> KNOWN = Set.of(PARAMETERS, SIZE, SECTOR, LOCATOR, DISK_ID, PHYSICAL_SECTOR);

    static Metadata of(Bytes file, Regions regions) throws IOException {
        Map<UUID, Regions.Region> items = items(file, regions.metadata().offset());
        Cursor parameters = item(file, items, PARAMETERS, 8, "file parameters");
        long blockSize = parameters.u32("VHDX block size");
        long flags = parameters.u32("VHDX file flags");
        long size = item(file, items, SIZE, 8, "disk size").i64("VHDX disk size");
        long sector = item(file, items, SECTOR, 4, "sector size").u32("VHDX sector size");
        if (blockSize < MEBIBYTE || blockSize > 256 * MEBIBYTE || Long.bitCount(blockSize) != 1) {
            throw new CorruptException(
                    "VHDX block size is %d, allowed are powers of 2 from 1 to 256 MiB".formatted(blockSize));
        }
        if (sector != 512 && sector != 4096) {
            throw new CorruptException("VHDX sector size is %d, allowed are 512 and 4096".formatted(sector));
        }
        if (size < 0 || size > LARGEST_DISK || size % sector != 0) {
            throw new CorruptException("VHDX disk size is %d, allowed are whole sectors up to 64 TiB".formatted(size));
        }
        Regions.Region locator = items.getOrDefault(LOCATOR, new Regions.Region(0, 0));
        return new Metadata(size, blockSize, (int) sector, (flags & 1) != 0, (flags & 2) != 0, locator);
    }

    /// The items of the system; those of users are nothing to us.
    private static Map<UUID, Regions.Region> items(Bytes file, long start) throws IOException {
        Cursor in = Cursor.littleEndian(file.at(start, TABLE, "VHDX metadata table"));
        if (in.i64("VHDX metadata signature") != SIGNATURE) {
            throw new CorruptException("VHDX metadata table is not at offset " + start);
        }
        in.skip(2, "VHDX metadata table");
        int count = Limits.check(in.u16("VHDX metadata count"), MOST, "VHDX metadata count");
        in.skip(20, "VHDX metadata table");
        Map<UUID, Regions.Region> items = new HashMap<>();
        for (int i = 0; i < count; i++) {
            UUID id = Guids.read(in, "VHDX metadata id");
            Regions.Region place =
                    new Regions.Region(start + in.u32("VHDX metadata offset"), in.u32("VHDX metadata length"));
            long flags = in.u32("VHDX metadata flags");
            in.skip(4, "VHDX metadata entry");
            boolean ofUser = (flags & 1) != 0;
            boolean required = (flags & 4) != 0;
            if (required && (ofUser || !KNOWN.contains(id))) {
                throw new LayerException(
                        Vhdx.LAYER,
                        OptionalLong.of(start),
                        "the image needs the metadata %s, which is not known".formatted(id),
                        "convert the image with Hyper-V");
            }
            if (!ofUser) {
                items.putIfAbsent(id, place);
            }
        }
        return items;
    }

    private static Cursor item(Bytes file, Map<UUID, Regions.Region> items, UUID id, int length, String what)
            throws IOException {
        Regions.Region place = items.get(id);
        if (place == null || place.length() < length || place.length() > LARGEST_ITEM) {
            throw new CorruptException("VHDX metadata holds no usable " + what);
        }
        return Cursor.littleEndian(file.at(place.offset(), length, "VHDX " + what));
    }
}
