package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Bytes put together from runs of others, in order and without gaps. As safe for several threads as its parts.
final class Regions implements Bytes {
    /// @param from what the run lies in
    /// @param at its first byte there
    record Region(long length, Bytes from, long at) {}

    private final List<Region> regions;
    private final long[] starts;
    private final long size;

    Regions(Collection<Region> all) {
        regions = List.copyOf(all);
        starts = new long[regions.size()];
        long end = 0;
        for (int i = 0; i < starts.length; i++) {
            Region region = regions.get(i);
            region.from.check(region.at, region.length, "region");
            starts[i] = end;
            end = Math.addExact(end, region.length);
        }
        size = end;
    }

    static Regions joined(List<Bytes> parts) {
        var regions = new ArrayList<Region>();
        for (Bytes part : parts) {
            regions.add(new Region(part.size(), part, 0));
        }
        return new Regions(regions);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int index = index(offset);
        for (int done = 0; done < length; index++) {
            Region region = regions.get(index);
            long inside = offset + done - starts[index];
            int count = (int) Math.min(length - done, region.length - inside);
            region.from.read(region.at + inside, target, start + done, count);
            done += count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        int index = index(offset);
        Region region = regions.get(index);
        long inside = offset - starts[index];
        return Math.min(region.from.zeros(region.at + inside), region.length - inside);
    }

    /// The last region that starts at or before; empty ones start where the next does.
    private int index(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int index = found >= 0 ? found : -found - 2;
        while (index + 1 < starts.length && starts[index + 1] == offset) {
            index++;
        }
        return Math.max(index, 0);
    }
}
