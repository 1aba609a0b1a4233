package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.Guids;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/// Where the block allocation table and the metadata lie, from the first of the two region tables that is undamaged.
record Regions(Region blocks, Region metadata) {
    private static final long[] PLACES = {192 << 10, 256 << 10};
    private static final int SIZE = 64 << 10;
    private static final int SIGNATURE = 0x6967_6572;
    private static final int MOST = 2047;
    private static final UUID BLOCKS = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
    private static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

    record Region(long offset, long length) {}

    static Regions of(Bytes file, List<String> notes) throws IOException {
        for (long place : PLACES) {
            if (place > file.size() - SIZE) {
                continue;
            }
            MemorySegment bytes = file.at(place, SIZE, "VHDX region table");
            Cursor in = Cursor.littleEndian(bytes);
            if (in.i32("VHDX region table signature") == SIGNATURE && Checksum.matches(bytes)) {
                if (place != PLACES[0]) {
                    notes.add("the first region table is damaged; the second was read");
                }
                return read(file, in, place);
            }
        }
        throw new CorruptException(
                "VHDX region tables at offsets %d and %d are both damaged".formatted(PLACES[0], PLACES[1]));
    }

    private static Regions read(Bytes file, Cursor in, long place) throws IOException {
        in.skip(4, "VHDX region table checksum");
        int count = Limits.check(in.u32("VHDX region count"), MOST, "VHDX region count");
        in.skip(4, "VHDX region table");
        Map<UUID, Region> regions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            UUID id = Guids.read(in, "VHDX region id");
            Region region = new Region(in.i64("VHDX region offset"), in.u32("VHDX region length"));
            boolean required = (in.u32("VHDX region flags") & 1) != 0;
            if (id.equals(BLOCKS) || id.equals(METADATA)) {
                regions.putIfAbsent(id, region);
            } else if (required) {
                throw new LayerException(
                        Vhdx.LAYER,
                        OptionalLong.of(place),
                        "the image needs the region %s, which is not known".formatted(id),
                        "convert the image with Hyper-V");
            }
        }
        return new Regions(
                region(file, regions, BLOCKS, "block allocation table"), region(file, regions, METADATA, "metadata"));
    }

    private static Region region(Bytes file, Map<UUID, Region> regions, UUID id, String what) {
        Region region = regions.get(id);
        if (region == null) {
            throw new CorruptException("VHDX has no region for the " + what);
        }
        file.check(region.offset, Math.min(region.length, 1), "VHDX " + what);
        return region;
    }
}
