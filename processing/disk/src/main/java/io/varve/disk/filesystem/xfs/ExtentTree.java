package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Reads the extents of a fork: the records in the inode, or the tree of them (bmap B+tree) that begins there.
///
/// A damaged block of the tree costs the part of the file that it describes: [ExtentList#LOST].
final class ExtentTree {
    private static final int BMAP = 0x424d4150;
    private static final int BMA3 = 0x424d4133;
    private static final int DEEPEST = 12;
    private static final int KEY = 8;

    private final Metadata metadata;
    private final ExtentList extents = new ExtentList();
    private final Set<Long> visited = new HashSet<>();

    private ExtentTree(Metadata metadata) {
        this.metadata = metadata;
    }

    /// @param format of the fork
    /// @param count how many extents the inode says the fork has
    static ExtentList read(Metadata metadata, Block fork, int format, long count) {
        var tree = new ExtentTree(metadata);
        switch (format) {
            case Inode.EXTENTS ->
                tree.records(fork, 0, Limits.check(count, fork.length() / ExtentList.RECORD, "extents"));
            case Inode.BTREE -> tree.root(fork);
            default -> throw fork.corrupt("fork format %d has no extents".formatted(format));
        }
        return tree.extents;
    }

    private void root(Block fork) {
        int level = fork.u16(0);
        int count = fork.u16(2);
        int most = (fork.length() - 4) / (2 * KEY);
        if (level == 0 || level > DEEPEST || count > most) {
            throw fork.corrupt("extent tree of level %d with %d of %d pointers".formatted(level, count, most));
        }
        children(fork, 4, 4 + most * KEY, count, level, Long.MAX_VALUE);
    }

    private void children(Block block, int keys, int pointers, int count, int level, long end) {
        for (int i = 0; i < count; i++) {
            long from = block.i64(keys + i * KEY);
            long to = i + 1 < count ? block.i64(keys + (i + 1) * KEY) : end;
            try {
                child(block.i64(pointers + i * KEY), level - 1, to);
            } catch (CorruptException | IOException e) {
                lost(Math.max(from, extents.end()), to);
            }
        }
    }

    private void child(long number, int level, long end) throws IOException {
        if (!visited.add(number)) {
            throw new CorruptException("XFS extent tree meets block %d twice".formatted(number));
        }
        Block block = metadata.block(number, "extent tree");
        int magic = block.i32(0);
        int count = block.u16(6);
        if (magic != BMAP && magic != BMA3 || block.u16(4) != level) {
            throw block.corrupt("no block of level %d".formatted(level));
        }
        int header = magic == BMA3 ? 72 : 24;
        int most = (block.length() - header) / ExtentList.RECORD;
        if (count > most) {
            throw block.corrupt("%d records of %d".formatted(count, most));
        }
        if (level == 0) {
            records(block, header, count);
            return;
        }
        children(block, header, header + most * KEY, count, level, end);
    }

    private void records(Block block, int at, int count) {
        for (int i = 0; i < count; i++) {
            extents.addRecord(block, at + i * ExtentList.RECORD);
        }
    }

    private void lost(long from, long to) {
        long end = Math.min(to, 1L << 54);
        if (from >= 0 && from < end) {
            extents.add(from, ExtentList.LOST, end - from);
        }
    }
}
