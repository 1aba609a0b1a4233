package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import java.io.IOException;

/// Whether the log ends in the record that unmounting writes. Changes that are only in the log are not replayed.
final class LogState {
    private static final int SECTOR = 512;
    private static final int RECORD = 0xfeedbabe;
    private static final int UNMOUNT = 0x20;

    /// How far the last record may reach back from the head: 256 KiB of data and its headers.
    private static final long FARTHEST = 600;

    private final Metadata metadata;
    private final long start;
    private final long sectors;

    private LogState(Metadata metadata, long start, long sectors) {
        this.metadata = metadata;
        this.start = start;
        this.sectors = sectors;
    }

    /// False also for a log that lies on another device or is damaged.
    static boolean clean(Metadata metadata) throws IOException {
        Superblock superblock = metadata.superblock();
        if (superblock.logStart() == 0 || superblock.logBlocks() == 0) {
            return false;
        }
        long start = superblock.position(superblock.logStart(), superblock.logBlocks(), "log");
        Bytes volume = metadata.volume();
        long size = superblock.logBlocks() * superblock.blockSize();
        volume.check(start, size, "XFS log");
        return new LogState(metadata, start, size / SECTOR).ends();
    }

    /// The cycle number rises by one where the newest record ends; the sectors behind it are a cycle older.
    private boolean ends() throws IOException {
        long first = cycle(0);
        if (first == 0) {
            return true; // never used
        }
        long low = 0;
        long high = sectors;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (cycle(middle) == first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return unmounted(low);
    }

    private boolean unmounted(long head) throws IOException {
        for (long back = 1; back <= Math.min(FARTHEST, sectors); back++) {
            Block header = sector(Math.floorMod(head - back, sectors));
            if (header.i32(0) != RECORD) {
                continue;
            }
            long headers = Math.max(1, header.u32(320) / (32 << 10));
            Block operation = sector(Math.floorMod(head - back + headers, sectors));
            return header.u32(40) == 1 && (operation.u8(9) & UNMOUNT) != 0;
        }
        return false;
    }

    private long cycle(long sector) throws IOException {
        Block block = sector(sector);
        return block.i32(0) == RECORD ? block.u32(4) : block.u32(0);
    }

    private Block sector(long number) throws IOException {
        return metadata.at(start + number * SECTOR, SECTOR, "log");
    }
}
