package io.varve.disk.volume.shadow;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// A volume as one shadow copy saw it: a block lies in its own store, or in that of a later copy, or it has not
/// changed since and lies in the volume itself.
final class ShadowBytes implements Bytes {
    private static final int SECTOR = 512;
    /// How far zeros are looked for.
    private static final int AHEAD = 1 << 20;

    private static final long ZEROS = -1;

    private final Bytes volume;
    private final long size;
    private final List<Store> stores;
    private final boolean newest;
    private final Unused unused;

    /// The blocks in no use, asked of the newest store only.
    interface Unused {
        boolean holds(long block) throws IOException;
    }

    /// @param stores this copy's first, then each later one's
    ShadowBytes(Bytes volume, long size, List<Store> stores, Unused unused) {
        this.volume = volume;
        this.size = size;
        this.stores = List.copyOf(stores);
        this.newest = stores.size() == 1;
        this.unused = unused;
    }

    @Override
    public long size() {
        return size;
    }

    /// A run of bytes that lie one after another; `place` is [#ZEROS] where nothing does.
    private static final class Run {
        private long place;
        private int length;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        prepare();
        var run = new Run();
        for (int done = 0; done < length; done += run.length) {
            run(offset + done, length - done, run);
            if (run.place == ZEROS) {
                Arrays.fill(target, start + done, start + done + run.length, (byte) 0);
            } else {
                volume.read(run.place, target, start + done, run.length);
            }
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        prepare();
        var run = new Run();
        run(offset, (int) Math.min(AHEAD, size - offset), run);
        return run.place == ZEROS ? run.length : Math.min(run.length, volume.zeros(run.place));
    }

    private void prepare() throws IOException {
        for (Store store : stores) {
            store.prepare();
        }
    }

    /// Neighbours that lie together are read together.
    private void run(long offset, int most, Run run) throws IOException {
        find(offset, most, run);
        var next = new Run();
        while (run.length < most) {
            find(offset + run.length, most - run.length, next);
            boolean together = run.place == ZEROS ? next.place == ZEROS : next.place == run.place + run.length;
            if (!together) {
                return;
            }
            run.length += next.length;
        }
    }

    private void find(long offset, int most, Run run) throws IOException {
        long place = offset;
        int length = most;
        for (int i = 0; i < stores.size(); i++) {
            Store store = stores.get(i);
            int inside = (int) (place % StoreBlock.SIZE);
            length = Math.min(length, StoreBlock.SIZE - inside);
            int row = store.find(place / StoreBlock.SIZE);
            if (row < 0) {
                continue;
            }
            if (i == 0 && store.bits(row) != 0) {
                boolean held = (store.bits(row) >>> inside / SECTOR & 1) != 0;
                length = Math.min(length, same(store.bits(row), inside));
                if (held) {
                    set(run, store.overlay(row) + inside, length);
                    return;
                }
            }
            if (store.hasBase(row)) {
                place = store.base(row) + inside;
                if (!store.forwards(row) || i == stores.size() - 1) {
                    set(run, place, length);
                    return;
                }
            }
        }
        long block = place / StoreBlock.SIZE;
        boolean undefined = newest && !stores.getFirst().isReverse(block) && unused.holds(block);
        set(run, undefined ? ZEROS : place, length);
    }

    private static void set(Run run, long place, int length) {
        run.place = place;
        run.length = length;
    }

    /// Bytes from here on whose sectors are alike in the bitmap.
    private static int same(int bits, int inside) {
        int sector = inside / SECTOR;
        int rest = bits >>> sector;
        int run = Integer.numberOfTrailingZeros((rest & 1) != 0 ? ~rest : rest);
        return Math.min(run, 32 - sector) * SECTOR - inside % SECTOR;
    }
}
