package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import java.util.List;
import java.util.Set;

/// What a superblock says of the file system, and how block and inode numbers become places.
///
/// @param blocks of the whole file system
/// @param groupBlocks blocks of an allocation group; the last one may have fewer
/// @param groupLog bits that a block number inside a group takes in a file-system block number
/// @param inodeLog bits that the place inside a block takes in an inode number
/// @param fileTypes whether folders keep the type with each name
/// @param internal inodes that belong to the file system itself: real-time maps and quotas
record Superblock(
        int version,
        int blockSize,
        int sectorSize,
        long blocks,
        long groupBlocks,
        long groups,
        int groupLog,
        int inodeSize,
        int inodeLog,
        int folderBlockSize,
        boolean fileTypes,
        boolean sparseInodes,
        long incompatible,
        long root,
        Set<Long> internal,
        long logStart,
        long logBlocks,
        String label) {
    static final int SIZE = 512;
    static final int MAGIC = 0x58465342; // XFSB
    static final int CHECKSUM = 224;
    static final long NULL_INODE = -1;

    private static final int MORE_FEATURES = 0x8000;
    private static final int FILE_TYPES_4 = 0x200;
    private static final int FILE_TYPES_5 = 1;
    private static final int SPARSE_INODES = 2;
    private static final int NEEDS_REPAIR = 0x10;
    private static final int KNOWN = 0x3ff;

    /// @throws CorruptException when it is none, or its numbers contradict each other
    static Superblock of(Block block) {
        if (block.i32(0) != MAGIC) {
            throw block.corrupt("no XFSB signature");
        }
        int version = block.u16(100) & 0xf;
        long blockSize = power(block, "block size", block.u32(4), 9, 16);
        long sectorSize = power(block, "sector size", block.u16(102), 9, 15);
        long inodeSize = power(block, "inode size", block.u16(104), 8, 11);
        long folderBlockSize = blockSize << Math.min(block.u8(192), 16);
        long groupBlocks = block.u32(84);
        long groups = block.u32(88);
        long blocks = block.i64(8);
        int groupLog = block.u8(124);
        if (version < 4 || version > 5) {
            throw block.corrupt("version %d is not 4 or 5".formatted(version));
        }
        if (folderBlockSize > 1 << 16 || inodeSize > blockSize) {
            throw block.corrupt("folder blocks of %d bytes, inodes of %d".formatted(folderBlockSize, inodeSize));
        }
        boolean groupsFit = groupBlocks > 0 && groupLog < 32 && groupBlocks <= 1L << groupLog && groups > 0;
        if (!groupsFit || blocks <= 0 || blocks > groupBlocks * groups || blocks <= groupBlocks * (groups - 1)) {
            throw block.corrupt("%d groups of %d blocks (%d bits) do not make %d blocks"
                    .formatted(groups, groupBlocks, groupLog, blocks));
        }
        long inodes = blockSize / inodeSize;
        if (block.u16(106) != inodes || 1L << (block.u8(123) & 31) != inodes) {
            throw block.corrupt("%d inodes in a block of %d".formatted(block.u16(106), inodes));
        }
        int features2 = (block.u16(100) & MORE_FEATURES) == 0 ? 0 : block.i32(200) | block.i32(204);
        long incompatible = version == 5 ? block.u32(216) : 0;
        return new Superblock(
                version,
                (int) blockSize,
                (int) sectorSize,
                blocks,
                groupBlocks,
                groups,
                groupLog,
                (int) inodeSize,
                block.u8(123),
                (int) folderBlockSize,
                version == 5 ? (incompatible & FILE_TYPES_5) != 0 : (features2 & FILE_TYPES_4) != 0,
                (incompatible & SPARSE_INODES) != 0,
                incompatible,
                block.i64(56),
                internal(block, version),
                block.i64(48),
                block.u32(96),
                label(block));
    }

    private static long power(Block block, String field, long value, int least, int most) {
        if (Long.bitCount(value) != 1 || value < 1L << least || value > 1L << most) {
            throw block.corrupt("%s %d".formatted(field, value));
        }
        return value;
    }

    private static Set<Long> internal(Block block, int version) {
        long projects = version == 5 ? block.i64(232) : NULL_INODE;
        return Set.copyOf(List.of(block.i64(64), block.i64(72), block.i64(160), block.i64(168), projects));
    }

    private static String label(Block block) {
        int length = 0;
        while (length < 12 && block.u8(108 + length) != 0) {
            length++;
        }
        return Names.text(block.copy(108, length));
    }

    Superblock withRoot(long inode) {
        return new Superblock(
                version,
                blockSize,
                sectorSize,
                blocks,
                groupBlocks,
                groups,
                groupLog,
                inodeSize,
                inodeLog,
                folderBlockSize,
                fileTypes,
                sparseInodes,
                incompatible,
                inode,
                internal,
                logStart,
                logBlocks,
                label);
    }

    boolean needsRepair() {
        return (incompatible & NEEDS_REPAIR) != 0;
    }

    /// Features that change the format and that this reader has never heard of.
    long unknownFeatures() {
        return incompatible & ~KNOWN;
    }

    /// Where a group begins, in bytes.
    long group(long group) {
        return group * groupBlocks * blockSize;
    }

    /// Byte offset of a run of blocks.
    ///
    /// @param block number as inodes and trees keep it: group and block inside it
    long position(long block, long count, String what) {
        long group = block >>> groupLog;
        long inside = block & (1L << groupLog) - 1;
        boolean fits = group < groups && inside < groupBlocks && count >= 0 && count <= groupBlocks - inside;
        if (!fits || group * groupBlocks + inside + count > blocks) {
            throw new CorruptException("XFS %s: block %d (group %d, block %d) and %d more are outside of %d blocks"
                    .formatted(what, block, group, inside, count, blocks));
        }
        return (group * groupBlocks + inside) * blockSize;
    }

    /// Whether there is a place for an inode of this number.
    boolean holds(long inode) {
        long group = inode >>> groupLog + inodeLog;
        long inside = inode >>> inodeLog & (1L << groupLog) - 1;
        return group < groups && inside > 0 && inside < groupBlocks && group * groupBlocks + inside < blocks;
    }

    /// Byte offset of an inode.
    long inodePosition(long inode) {
        if (!holds(inode)) {
            throw new CorruptException("XFS inode %d is outside of the file system".formatted(inode));
        }
        return position(inode >>> inodeLog, 1, "inode") + (inode & (1L << inodeLog) - 1) * inodeSize;
    }

    /// Number of the first inode of a group.
    long firstInode(long group) {
        return group << groupLog + inodeLog;
    }
}
