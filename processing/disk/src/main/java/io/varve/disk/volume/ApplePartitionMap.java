package io.varve.disk.volume;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.volume.Places.Extent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The partition map of old Macintosh disks, still found in disk images and on hybrid discs.
///
/// Numbers are places in the map, starting with 1 as in Linux: the map itself is usually `p1`. Free entries are gaps.
///
/// Source: Inside Macintosh: Devices, chapter SCSI Manager (driver descriptor record, partition map entry).
@AutoService(PartitionTable.class)
public final class ApplePartitionMap implements PartitionTable {
    /// Most entries.
    static final int MOST = 256;

    private static final int DRIVER_DESCRIPTOR = 0x4552;
    private static final int ENTRY = 0x504d;
    private static final int[] BLOCK_SIZES = {512, 2048, 1024, 4096};

    @Override
    public String name() {
        return "Apple partition map";
    }

    @Override
    public int order() {
        return 30;
    }

    @Override
    public Optional<List<Volume>> read(Bytes device, Problems problems) throws IOException {
        if (device.size() < 2 * BootSector.SIZE) {
            return Optional.empty();
        }
        OptionalInt blockSize = blockSize(device);
        return blockSize.isEmpty() ? Optional.empty() : Optional.of(volumes(device, blockSize.getAsInt(), problems));
    }

    /// That of the driver descriptor, when the map is there; else where the map is.
    private static OptionalInt blockSize(Bytes device) throws IOException {
        Cursor descriptor = block(device, 0);
        if (descriptor.u16("signature") == DRIVER_DESCRIPTOR) {
            int stated = descriptor.u16("block size");
            if (Arrays.stream(BLOCK_SIZES).anyMatch(size -> size == stated) && isMap(device, stated)) {
                return OptionalInt.of(stated);
            }
        }
        for (int size : BLOCK_SIZES) {
            if (isMap(device, size)) {
                return OptionalInt.of(size);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean isMap(Bytes device, int blockSize) throws IOException {
        if (blockSize > device.size() - BootSector.SIZE) {
            return false;
        }
        Cursor entry = block(device, blockSize);
        if (entry.u16("signature") != ENTRY) {
            return false;
        }
        entry.skip(2, "reserved");
        long count = entry.u32("number of entries");
        return count > 0 && count <= MOST && entry.u32("first block") < device.size() / blockSize;
    }

    private static List<Volume> volumes(Bytes device, int blockSize, Problems problems) throws IOException {
        var places = new Places(device, problems);
        long count = block(device, blockSize).at(4).u32("number of entries");
        for (int i = 1; i <= count; i++) {
            long place = (long) i * blockSize;
            if (place > device.size() - BootSector.SIZE) {
                problems.lost(OptionalLong.of(place), "the partition map goes on past the end of the device");
                break;
            }
            Cursor in = block(device, place);
            if (in.u16("signature") != ENTRY) {
                problems.lost(
                        OptionalLong.of(place), "entry %d of %d in the partition map is damaged".formatted(i, count));
                break;
            }
            in.skip(6, "number of entries");
            long first = in.u32("first block");
            long blocks = in.u32("number of blocks");
            String name = text(in);
            String type = text(in);
            if (blocks == 0) {
                continue;
            }
            Extent extent = Extent.sectors(first, blocks, blockSize);
            if (type.equals("Apple_Free")) {
                places.addFree("p" + i, type, extent, place);
                continue;
            }
            places.add("p" + i, name.isEmpty() ? type : "%s '%s'".formatted(type, name), extent, place);
        }
        return places.all();
    }

    private static String text(Cursor in) {
        byte[] raw = in.bytes(32, "text").toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < raw.length && raw[end] != 0) {
            end++;
        }
        return Names.text(Arrays.copyOf(raw, end)).replaceAll("\\p{Cntrl}", "?");
    }

    private static Cursor block(Bytes device, long offset) throws IOException {
        return Cursor.bigEndian(MemorySegment.ofArray(BootSector.read(device, offset)));
    }
}
