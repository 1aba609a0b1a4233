package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;

/// What a freed inode still says of its data: the kernel empties the list of extents in memory only, so the records
/// stay in the inode until it is used again. The size is gone: it ends with the last block.
final class Remains {
    /// Farthest block of a file believed: 8 TiB in blocks of 4 KiB.
    private static final long FARTHEST = 1L << 31;

    private Remains() {}

    /// The records up to the first that cannot be one.
    static ExtentList of(Superblock superblock, Inode inode, Block block) {
        var extents = new ExtentList();
        Block literal = inode.literal(block);
        try {
            for (int at = 0; at + ExtentList.RECORD <= literal.length(); at += ExtentList.RECORD) {
                var one = new ExtentList();
                one.addRecord(literal, at);
                long count = one.end() - one.offset(0);
                if (one.first(0) == 0 || one.end() > FARTHEST) {
                    break;
                }
                if (one.first(0) != ExtentList.UNWRITTEN) {
                    superblock.position(one.first(0), count, "freed extent");
                }
                extents.add(one.offset(0), one.first(0), count);
            }
        } catch (CorruptException e) {
            return extents;
        }
        return extents;
    }

    static long size(Superblock superblock, ExtentList extents) {
        return extents.end() * superblock.blockSize();
    }
}
