package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/// A thin pool: for every thin volume a tree that says in which block of the pool each of its blocks lies.
///
/// Source: Linux `drivers/md/dm-thin-metadata.c`.
final class ThinPool {
    private static final long MAGIC = 27022010;
    private static final int SALT = 160774;
    private static final int SECTOR = 512;

    /// Block sizes that dm-thin takes: 64 KiB to 1 GiB in steps of 64 KiB.
    private static final long SMALLEST = 128;

    private static final long LARGEST = 2_097_152;

    private final Bytes data;
    private final ThinTree trees;
    private final long devices;
    private final int blockSize;

    ThinPool(Bytes metadata, Bytes data) throws IOException {
        byte[] block = new byte[ThinTree.BLOCK];
        metadata.read(0, block, 0, block.length);
        ThinTree.check(block, SALT, 0);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(block));
        if (in.at(32).i64("magic") != MAGIC) {
            throw new CorruptException("the metadata of a thin pool has no signature");
        }
        long sectors = in.at(336).u32("block size");
        if (sectors < SMALLEST || sectors > LARGEST || sectors % SMALLEST != 0) {
            throw new CorruptException("a thin pool has blocks of %d sectors".formatted(sectors));
        }
        this.data = data;
        this.trees = new ThinTree(metadata);
        this.devices = in.at(320).i64("root of the mappings");
        this.blockSize = (int) (sectors * SECTOR);
    }

    int blockSize() {
        return blockSize;
    }

    /// The root of a thin volume's tree; empty when nothing was ever written to it.
    OptionalLong root(long device) throws IOException {
        ThinTree.Entry entry = trees.ceiling(devices, device);
        return entry != null && entry.key() == device ? OptionalLong.of(entry.value()) : OptionalLong.empty();
    }

    /// The first mapped block of a tree from `block` on; -1 when there is none.
    long next(long root, long block) throws IOException {
        ThinTree.Entry entry = trees.ceiling(root, block);
        return entry == null ? -1 : entry.key();
    }

    /// Where a block lies in the pool, in bytes; -1 when it is not mapped.
    long place(long root, long block) throws IOException {
        ThinTree.Entry entry = trees.ceiling(root, block);
        if (entry == null || entry.key() != block) {
            return -1;
        }
        // the lower 24 bits tell when it was mapped
        long place = entry.value() >>> 24;
        if (place >= data.size() / blockSize) {
            throw new CorruptException(
                    "a thin volume has block %d of %d of its pool".formatted(place, data.size() / blockSize));
        }
        return place * blockSize;
    }

    Bytes data() {
        return data;
    }
}
