package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;

/// A thin volume: blocks of its pool, and zeros (or an external origin) where none was ever written.
final class ThinVolume implements Bytes {
    private final ThinPool pool;
    private final OptionalLong root;
    private final long size;
    private final Bytes origin;

    /// @param origin what unmapped blocks show; zeros past its end
    ThinVolume(ThinPool pool, OptionalLong root, long size, Bytes origin) {
        this.pool = pool;
        this.root = root;
        this.size = size;
        this.origin = origin;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int inside = (int) (at % pool.blockSize());
            int part = Math.min(length - done, pool.blockSize() - inside);
            long place = root.isEmpty() ? -1 : pool.place(root.getAsLong(), at / pool.blockSize());
            if (place < 0) {
                unmapped(at, target, start + done, part);
            } else {
                pool.data().read(place + inside, target, start + done, part);
            }
            done += part;
        }
    }

    private void unmapped(long at, byte[] target, int start, int length) throws IOException {
        int known = Math.clamp(origin.size() - at, 0, length);
        if (known > 0) {
            origin.read(at, target, start, known);
        }
        Arrays.fill(target, start + known, start + length, (byte) 0);
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        long block = offset / pool.blockSize();
        long next = root.isEmpty() ? -1 : pool.next(root.getAsLong(), block);
        if (next == block) {
            long inside = offset % pool.blockSize();
            long place = pool.place(root.getAsLong(), block);
            return Math.min(Math.min(pool.data().zeros(place + inside), pool.blockSize() - inside), size - offset);
        }
        if (offset < origin.size()) {
            return 0;
        }
        // a key is below 2^63, a volume's blocks are far fewer
        return next < 0 || next > size / pool.blockSize()
                ? size - offset
                : Math.min(next * pool.blockSize(), size) - offset;
    }
}
