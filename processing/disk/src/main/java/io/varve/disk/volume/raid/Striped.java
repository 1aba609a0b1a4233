package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// RAID 0: chunk after chunk on the next member. Members of several sizes make zones: once the smallest are full the
/// others go on alone.
///
/// Source: Linux `drivers/md/raid0.c`.
public final class Striped implements Chunked {
    private final int chunk;
    private final long size;
    private final Layout layout;
    private final List<Zone> zones;

    /// How a chunk in the second and later zones chooses its member. Linux 3.14 changed it by accident.
    public enum Layout {
        /// By its number in the whole array.
        ORIGINAL,
        /// By its number in its zone.
        ALTERNATE
    }

    /// @param start first chunk of the array in this zone
    /// @param memberStart first chunk on each member
    private record Zone(long start, long memberStart, List<Bytes> members) {}

    public Striped(List<Bytes> members, long chunk, Layout layout) {
        if (members.isEmpty()) {
            throw new CorruptException("a striped volume has no members");
        }
        this.chunk = Chunked.checked(chunk);
        this.layout = layout;
        this.zones = new ArrayList<>();
        long done = 0;
        long start = 0;
        while (true) {
            long full = done;
            List<Bytes> rest = members.stream()
                    .filter(member -> member.size() / this.chunk > full)
                    .toList();
            if (rest.isEmpty()) {
                break;
            }
            long end = rest.stream()
                    .mapToLong(member -> member.size() / this.chunk)
                    .min()
                    .orElseThrow();
            if (end - done > (Long.MAX_VALUE / this.chunk - start) / rest.size()) {
                throw new CorruptException("a striped volume has more than %d bytes".formatted(Long.MAX_VALUE));
            }
            zones.add(new Zone(start, done, rest));
            start += (end - done) * rest.size();
            done = end;
        }
        this.size = start * this.chunk;
    }

    /// More than one zone: only then does the layout matter.
    public boolean zoned() {
        return zones.size() > 1;
    }

    @Override
    public int chunk() {
        return chunk;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readChunk(long number, int inside, byte[] target, int start, int length) throws IOException {
        Zone zone = zone(number);
        member(zone, number).read(place(zone, number) + inside, target, start, length);
    }

    @Override
    public long chunkZeros(long number, int inside) throws IOException {
        Zone zone = zone(number);
        return member(zone, number).zeros(place(zone, number) + inside);
    }

    private Zone zone(long number) {
        int last = zones.size() - 1;
        while (zones.get(last).start > number) {
            last--;
        }
        return zones.get(last);
    }

    private Bytes member(Zone zone, long number) {
        long counted = layout == Layout.ORIGINAL ? number : number - zone.start;
        return zone.members.get((int) (counted % zone.members.size()));
    }

    private long place(Zone zone, long number) {
        return ((number - zone.start) / zone.members.size() + zone.memberStart) * chunk;
    }
}
