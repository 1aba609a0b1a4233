package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import java.io.IOException;

/// A run of sectors, decrypted as it is read. Small reads come from [#SLOTS] blocks kept in clear; large ones are
/// decrypted straight into place. Safe for several threads. Closing it leaves the volume open.
final class DecryptedBytes implements Bytes {
    static final int BLOCK = 16 << 10;
    private static final int SLOTS = 128;

    private final Bytes source;
    private final long start;
    private final long size;
    private final long place;
    private final AesSectors sectors;
    private final Slot[] slots = new Slot[SLOTS];

    /// @param place byte offset that the sector numbers are counted from, at `start`
    /// @param size cut to whole sectors
    DecryptedBytes(Bytes source, long start, long size, long place, AesSectors sectors) {
        source.check(start, size, "encrypted data");
        this.source = source;
        this.start = start;
        this.size = size - size % sectors.sectorSize();
        this.place = place;
        this.sectors = sectors;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int from, int length) throws IOException {
        check(offset, length, "read");
        for (int done = 0; done < length; ) {
            long at = offset + done;
            int inside = (int) (at % BLOCK);
            int left = length - done;
            int count;
            if (inside == 0 && left >= BLOCK) {
                count = left - left % BLOCK;
                sectors.read(source, start + at, place + at, target, from + done, count);
            } else {
                count = Math.min(left, BLOCK - inside);
                long block = at / BLOCK;
                slots[(int) (block % SLOTS)].copy(block, inside, target, from + done, count);
            }
            done += count;
        }
    }

    private final class Slot {
        private byte[] clear = new byte[0];
        private long block = -1;

        synchronized void copy(long wanted, int inside, byte[] target, int from, int length) throws IOException {
            if (block != wanted) {
                block = -1;
                if (clear.length == 0) {
                    clear = new byte[BLOCK];
                }
                long at = wanted * BLOCK;
                sectors.read(source, start + at, place + at, clear, 0, (int) Math.min(BLOCK, size - at));
                block = wanted;
            }
            System.arraycopy(clear, inside, target, from, length);
        }
    }
}
