package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.volume.Absent;
import java.io.IOException;
import java.util.List;

/// RAID 10: copies of each chunk on neighbouring members (near), in another part of the members (far), or in the next
/// stripe (offset).
///
/// Source: Linux `drivers/md/raid10.c`, `__raid10_find_phys` and `setup_geo`.
public final class Raid10 implements Chunked {
    private final String layer;
    private final List<Bytes> members;
    private final int chunk;
    private final int near;
    private final int far;
    private final boolean offset;
    private final int setSize;
    private final long stride;
    private final long size;

    /// @param layout as md stores it: near copies in bits 0 to 7, far copies in 8 to 15, then offset and far sets
    /// @param memberSize bytes of each that belong to the array
    public Raid10(String layer, List<Bytes> members, long layout, long chunk, long memberSize) {
        this.layer = layer;
        this.members = List.copyOf(members);
        this.chunk = Chunked.checked(chunk);
        int count = members.size();
        near = (int) (layout & 0xff);
        far = (int) (layout >> 8 & 0xff);
        offset = (layout & 1 << 16) != 0;
        if (near < 1 || far < 1 || near * far > count || layout >> 19 != 0) {
            throw new CorruptException("RAID 10 of %d members has layout 0x%x".formatted(count, layout));
        }
        setSize = switch ((int) (layout >> 17)) {
            case 0 -> count;
            case 1 -> count / far;
            case 2 -> far * near;
            default -> throw new CorruptException("RAID 10 has layout 0x%x".formatted(layout));
        };
        long chunks = memberSize / this.chunk;
        if (memberSize < 0 || chunks > Long.MAX_VALUE / this.chunk / count) {
            throw new CorruptException("RAID 10 of %d members of %d bytes".formatted(count, memberSize));
        }
        long data = chunks / far * count / near;
        size = data * this.chunk;
        long used = (data * near * far + count - 1) / count;
        stride = offset ? 1 : used / far;
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
        for (int copy = 0; copy < near * far; copy++) {
            Place place = place(number, copy);
            if (Members.read(members.get(place.member), place.chunk * chunk + inside, target, start, length)) {
                return;
            }
        }
        throw Members.tooFew(layer, members, number * chunk + inside);
    }

    @Override
    public long chunkZeros(long number, int inside) throws IOException {
        Place place = place(number, 0);
        Bytes member = members.get(place.member);
        return member instanceof Absent ? 0 : member.zeros(place.chunk * chunk + inside);
    }

    private record Place(int member, long chunk) {}

    private Place place(long number, int copy) {
        int count = members.size();
        long first = number * near + copy % near;
        long row = first / count;
        int member = (int) (first % count);
        // a far copy is counted from the row of the first near one
        long stripe = offset ? number * near / count * far + (row - number * near / count) : row;
        for (int step = 0; step < copy / near; step++) {
            member = next(member);
            stripe += stride;
        }
        return new Place(member, stripe);
    }

    /// The member with the next far copy.
    private int next(int member) {
        int count = members.size();
        int lastStart = (count / setSize - 1) * setSize;
        int shifted = member + near;
        if (count % setSize != 0 && shifted > lastStart) {
            int lastSize = setSize + count % setSize;
            return (shifted - lastStart) % lastSize + lastStart;
        }
        return shifted % setSize + member / setSize * setSize;
    }
}
