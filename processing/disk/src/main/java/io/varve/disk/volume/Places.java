package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.disk.Problems;
import io.varve.disk.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// Collects the volumes of a table, cuts them to the device, and finds the gaps between them.
final class Places {
    /// Shortest gap worth a line, in bytes.
    private static final int SHORTEST_GAP = 512;

    private final Bytes device;
    private final Problems problems;
    private final List<Volume> volumes = new ArrayList<>();

    Places(Bytes device, Problems problems) {
        this.device = device;
        this.problems = problems;
    }

    /// @param entry byte offset of the entry in the table
    void add(String name, String kind, Extent extent, long entry) {
        place(name, kind, extent, entry, true);
    }

    /// An entry that says of itself that nothing is in it.
    void addFree(String name, String kind, Extent extent, long entry) {
        place(name, kind, extent, entry, false);
    }

    private void place(String name, String kind, Extent extent, long entry, boolean allocated) {
        if (extent.start >= device.size()) {
            lost(entry, name, kind, extent, "starts past the end of the device of");
            return;
        }
        long length = Math.min(extent.length, device.size() - extent.start);
        if (length < extent.length) {
            lost(entry, name, kind, extent, "ends past the end of the device of");
        }
        volumes.add(new Volume(name, kind, extent.start, new Slice(device, extent.start, length), allocated));
    }

    private void lost(long entry, String name, String kind, Extent extent, String what) {
        problems.lost(
                OptionalLong.of(entry),
                "%s (%s, %d bytes at offset %d) %s %d bytes"
                        .formatted(name, kind, extent.length, extent.start, what, device.size()));
    }

    List<Volume> all() {
        volumes.sort(Comparator.comparingLong(Volume::offset));
        List<Volume> all = new ArrayList<>();
        long end = 0;
        for (Volume volume : volumes) {
            gap(all, end, volume.offset());
            if (volume.offset() < end) {
                problems.noted("%s overlaps a volume before it".formatted(volume.name()));
            }
            all.add(volume);
            end = Math.max(end, volume.offset() + volume.bytes().size());
        }
        gap(all, end, device.size());
        return List.copyOf(all);
    }

    private void gap(List<Volume> all, long from, long to) {
        if (to - from >= SHORTEST_GAP) {
            all.add(new Volume("gap-" + from, "unallocated", from, new Slice(device, from, to - from), false));
        }
    }

    /// In bytes. Both come from fields of at most 32 bits, or were checked to be below 2^62.
    record Extent(long start, long length) {
        static Extent sectors(long first, long count, int sectorSize) {
            return new Extent(Math.multiplyExact(first, sectorSize), Math.multiplyExact(count, sectorSize));
        }
    }
}
