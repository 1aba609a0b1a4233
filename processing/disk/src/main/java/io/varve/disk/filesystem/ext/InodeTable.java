package io.varve.disk.filesystem.ext;

import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Inodes by their number, read in large pieces of which the recent ones are kept.
final class InodeTable {
    /// So large that reading it passes by the cache of the device.
    private static final int CHUNK = 256 << 10;
    /// Pieces kept: 16 MiB.
    private static final int CHUNKS = 64;

    private final Blocks blocks;
    private final Groups groups;
    private final long perGroup;
    private final long last;
    private final int inodeSize;
    private final long chunksPerGroup;
    private final AtomicReferenceArray<@Nullable Chunk> chunks = new AtomicReferenceArray<>(CHUNKS);

    InodeTable(Blocks blocks, Groups groups) {
        this.blocks = blocks;
        this.groups = groups;
        this.perGroup = blocks.superBlock().inodesPerGroup();
        this.last = blocks.superBlock().lastInode();
        this.inodeSize = blocks.superBlock().inodeSize();
        this.chunksPerGroup = (perGroup * inodeSize - 1) / CHUNK + 1;
    }

    /// The metadata of an inode.
    Inode inode(long number) throws IOException {
        byte[] chunk = chunk(number);
        return Inode.parse(chunk, at(number), blocks.superBlock());
    }

    /// The bytes of an inode.
    byte[] raw(long number) throws IOException {
        byte[] chunk = chunk(number);
        int at = at(number);
        return Arrays.copyOfRange(chunk, at, at + inodeSize);
    }

    /// Where an inode lies in the volume.
    long position(long number) throws IOException {
        return table(number) * blocks.size() + offset(number);
    }

    /// Reads following inodes of one group past the cache.
    void read(long number, int count, byte[] target) throws IOException {
        long offset = offset(number);
        blocks.read(table(number), offset, target, 0, count * inodeSize, what(number));
    }

    private byte[] chunk(long number) throws IOException {
        if (number < 1 || number > last) {
            throw new CorruptException("inode %d of %d".formatted(number, last));
        }
        long offset = offset(number);
        long key = (number - 1) / perGroup * chunksPerGroup + offset / CHUNK;
        int slot = (int) (key % CHUNKS);
        Chunk known = chunks.get(slot);
        if (known != null && known.key == key) {
            return known.bytes;
        }
        long start = offset / CHUNK * CHUNK;
        byte[] bytes = new byte[(int) Math.min(CHUNK, perGroup * inodeSize - start)];
        blocks.read(table(number), start, bytes, 0, bytes.length, what(number));
        chunks.set(slot, new Chunk(key, bytes));
        return bytes;
    }

    private long table(long number) throws IOException {
        return groups.inodeTable((number - 1) / perGroup);
    }

    private long offset(long number) {
        return (number - 1) % perGroup * inodeSize;
    }

    private int at(long number) {
        return (int) (offset(number) % CHUNK);
    }

    private static String what(long number) {
        return "table of inode %d".formatted(number);
    }

    private static final class Chunk {
        final long key;
        final byte[] bytes;

        Chunk(long key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes;
        }
    }
}
