package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.i32;
import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;
import static io.varve.disk.LittleEndian.u8;

import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The superblock: sizes and features of the file system.
///
/// Source: <https://docs.kernel.org/filesystems/ext4/super.html>.
///
/// @param group the block group this copy lies in, 0 for the primary
/// @param special inodes past the reserved ones that no folder names: quota and orphan files
/// @param checked false when the checksum it carries does not match
record SuperBlock(
        long inodes,
        long blocks,
        int blockSize,
        long firstDataBlock,
        long blocksPerGroup,
        long inodesPerGroup,
        int inodeSize,
        long firstInode,
        int descriptorSize,
        int compatible,
        int incompatible,
        int readOnly,
        long firstMetaGroup,
        int group,
        long backupGroup,
        long otherBackupGroup,
        Set<Long> special,
        String label,
        boolean checked) {
    static final int SIZE = 1024;
    static final int MAGIC = 0xef53;

    static final int HAS_JOURNAL = 4;
    static final int SPARSE_SUPER2 = 0x200;

    static final int FILETYPE = 2;
    static final int NEEDS_RECOVERY = 4;
    static final int JOURNAL_DEVICE = 8;
    static final int META_GROUPS = 0x10;
    static final int BIT64 = 0x80;
    static final int LARGE_DIRECTORIES = 0x4000;
    static final int CASEFOLD = 0x2_0000;
    private static final int EXT3_INCOMPATIBLE = FILETYPE | NEEDS_RECOVERY | META_GROUPS;
    private static final int KNOWN = 0x3_f7de;

    private static final int SPARSE_SUPER = 1;
    private static final int EXT3_READ_ONLY = 7;
    private static final int METADATA_CHECKSUM = 0x400;
    private static final int GROUP_CHECKSUM = 0x10;

    /// Most block groups of one file system: 512 TiB of groups of the usual size.
    static final long MOST_GROUPS = 1 << 22;

    /// @throws CorruptException when a field cannot be right
    static SuperBlock parse(byte[] raw, long offset) {
        if (u16(raw, 56) != MAGIC) {
            throw new CorruptException("ext superblock at offset %d: magic is %04x".formatted(offset, u16(raw, 56)));
        }
        boolean dynamic = i32(raw, 76) >= 1;
        int incompatible = dynamic ? i32(raw, 96) : 0;
        boolean wide = (incompatible & BIT64) != 0;
        int readOnly = dynamic ? i32(raw, 100) : 0;
        int log = (int) check(u32(raw, 24), 0, 6, "s_log_block_size", offset);
        int blockSize = 1024 << log;
        int inodeSize = dynamic ? (int) check(u16(raw, 88), 128, blockSize, "s_inode_size", offset) : 128;
        int descriptor = wide ? (int) check(u16(raw, 254), 32, 1024, "s_desc_size", offset) : 32;
        if (Integer.bitCount(inodeSize) != 1 || Integer.bitCount(descriptor) != 1) {
            throw new CorruptException("ext superblock at offset %d: s_inode_size is %d, s_desc_size %d"
                    .formatted(offset, inodeSize, descriptor));
        }
        long blocks = u32(raw, 4) | (wide ? u32(raw, 336) << 32 : 0);
        long first = check(u32(raw, 20), 0, 1, "s_first_data_block", offset);
        var superBlock = new SuperBlock(
                check(u32(raw, 0), 1, 0xffff_ffffL, "s_inodes_count", offset),
                check(blocks, first + 1, Long.MAX_VALUE / blockSize, "s_blocks_count", offset),
                blockSize,
                first,
                check(u32(raw, 32), 1, 1L << 31, "s_blocks_per_group", offset),
                check(u32(raw, 40), 1, 8L * blockSize, "s_inodes_per_group", offset),
                inodeSize,
                dynamic ? u32(raw, 84) : 11,
                Math.min(descriptor, blockSize),
                dynamic ? i32(raw, 92) : 0,
                incompatible,
                readOnly,
                u32(raw, 260),
                dynamic ? u16(raw, 90) : 0,
                u32(raw, 0x24c),
                u32(raw, 0x250),
                Stream.of(0x240, 0x244, 0x26c, 0x280).map(at -> u32(raw, at)).collect(Collectors.toUnmodifiableSet()),
                label(raw),
                (readOnly & METADATA_CHECKSUM) == 0 || u8(raw, 373) != 1 || checksum(raw) == i32(raw, 1020));
        check(superBlock.groups(), 1, MOST_GROUPS, "number of block groups", offset);
        return superBlock;
    }

    /// Number of block groups.
    long groups() {
        return (blocks - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup;
    }

    /// The last inode that a group holds.
    long lastInode() {
        return Math.min(inodes, groups() * inodesPerGroup);
    }

    boolean has(int incompatibleFeature) {
        return (incompatible & incompatibleFeature) != 0;
    }

    /// Whether groups tell how much of their inode table was ever used.
    boolean tellsUnused() {
        return (readOnly & (METADATA_CHECKSUM | GROUP_CHECKSUM)) != 0;
    }

    /// Incompatible features that this reader does not know; 0 when it knows all.
    int unknownFeatures() {
        return incompatible & ~KNOWN;
    }

    /// First block of a group.
    long groupStart(long number) {
        return firstDataBlock + number * blocksPerGroup;
    }

    /// Whether a group starts with a copy of the superblock.
    boolean hasCopy(long number) {
        if (number == 0) {
            return true;
        }
        if ((compatible & SPARSE_SUPER2) != 0) {
            return number == backupGroup || number == otherBackupGroup;
        }
        return (readOnly & SPARSE_SUPER) == 0
                || number == 1
                || power(number, 3)
                || power(number, 5)
                || power(number, 7);
    }

    /// `ext2`, `ext3` or `ext4`, told by the features as blkid does.
    String type() {
        if ((incompatible & ~EXT3_INCOMPATIBLE) != 0 || (readOnly & ~EXT3_READ_ONLY) != 0) {
            return "ext4";
        }
        return (compatible & HAS_JOURNAL) != 0 ? "ext3" : "ext2";
    }

    private static boolean power(long number, int base) {
        long rest = number;
        while (rest % base == 0) {
            rest /= base;
        }
        return rest == 1;
    }

    private static String label(byte[] raw) {
        int end = 120;
        while (end < 136 && raw[end] != 0) {
            end++;
        }
        return Names.text(Arrays.copyOfRange(raw, 120, end));
    }

    private static int checksum(byte[] raw) {
        var crc = new CRC32C();
        crc.update(raw, 0, 1020);
        return ~(int) crc.getValue();
    }

    private static long check(long value, long least, long most, String field, long offset) {
        if (value < least || value > most) {
            throw new CorruptException("ext superblock at offset %d: %s is %d, allowed are %d to %d"
                    .formatted(offset, field, value, least, most));
        }
        return value;
    }
}
