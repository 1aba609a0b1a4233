package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;

import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The block groups: where their inode tables lie and which inodes are in use.
///
/// Descriptors are read as they are needed; a block of them that cannot be right is taken from its backup. Source:
/// <https://docs.kernel.org/filesystems/ext4/group_descr.html>.
final class Groups {
    private static final int INODES_UNINITIALISED = 1;
    private static final int BITMAPS = 64;
    /// Most backups tried for one block of descriptors.
    private static final int BACKUPS = 8;

    private final Blocks blocks;
    private final SuperBlock superBlock;
    private final int perBlock;
    private final AtomicReferenceArray<byte[]> descriptors;
    private final AtomicReferenceArray<Bitmap> bitmaps = new AtomicReferenceArray<>(BITMAPS);

    Groups(Blocks blocks) {
        this.blocks = blocks;
        this.superBlock = blocks.superBlock();
        this.perBlock = superBlock.blockSize() / superBlock.descriptorSize();
        this.descriptors = new AtomicReferenceArray<>((int) ((superBlock.groups() - 1) / perBlock) + 1);
    }

    /// First block of the inode table of a group.
    long inodeTable(long group) throws IOException {
        return inodeTable(descriptors(group), group);
    }

    /// How many inodes of a group were ever used; all where the file system does not tell.
    long inodesUsed(long group) throws IOException {
        byte[] table = descriptors(group);
        long most = Math.min(superBlock.inodesPerGroup(), superBlock.lastInode() - group * superBlock.inodesPerGroup());
        if (!superBlock.tellsUnused()) {
            return most;
        }
        int at = at(group);
        if ((u16(table, at + 18) & INODES_UNINITIALISED) != 0) {
            return 0;
        }
        long unused = u16(table, at + 28) | (superBlock.descriptorSize() >= 64 ? (long) u16(table, at + 50) << 16 : 0);
        return Math.max(0, most - unused);
    }

    /// Whether the bitmap says that an inode is in use.
    boolean inUse(long inode) throws IOException {
        return isSet(inUseIn((inode - 1) / superBlock.inodesPerGroup()), (inode - 1) % superBlock.inodesPerGroup());
    }

    /// @param index of an inode in its group
    static boolean isSet(byte[] inUse, long index) {
        return (inUse[(int) (index >> 3)] >> (index & 7) & 1) != 0;
    }

    /// Which inodes of a group are in use, a bit each. Not to be changed.
    byte[] inUseIn(long group) throws IOException {
        int slot = (int) (group % BITMAPS);
        Bitmap known = bitmaps.get(slot);
        if (known != null && known.group == group) {
            return known.bits;
        }
        var bitmap = new Bitmap(group, readBitmap(group));
        bitmaps.set(slot, bitmap);
        return bitmap.bits;
    }

    private byte[] readBitmap(long group) throws IOException {
        byte[] table = descriptors(group);
        int at = at(group);
        if (superBlock.tellsUnused() && (u16(table, at + 18) & INODES_UNINITIALISED) != 0) {
            return new byte[superBlock.blockSize()];
        }
        return blocks.read(wide(table, at, 4, 36), "inode bitmap of group %d".formatted(group));
    }

    private int at(long group) {
        return (int) (group % perBlock) * superBlock.descriptorSize();
    }

    private long inodeTable(byte[] table, long group) {
        return wide(table, at(group), 8, 40);
    }

    private long wide(byte[] table, int at, int low, int high) {
        return u32(table, at + low) | (superBlock.descriptorSize() >= 64 ? u32(table, at + high) << 32 : 0);
    }

    private byte[] descriptors(long group) throws IOException {
        if (group < 0 || group >= superBlock.groups()) {
            throw new CorruptException("block group %d of %d".formatted(group, superBlock.groups()));
        }
        int number = (int) (group / perBlock);
        byte[] known = descriptors.get(number);
        if (known != null) {
            return known;
        }
        byte[] table = readDescriptors(number);
        descriptors.set(number, table);
        return table;
    }

    /// The first copy that can be right, the primary when none can.
    private byte[] readDescriptors(int number) throws IOException {
        byte[] primary = tryRead(copy(number, 0));
        if (primary != null && plausible(primary, number)) {
            return primary;
        }
        long first = inMetaGroup(number) ? (long) number * perBlock + 1 : 1;
        long last = inMetaGroup(number) ? first + perBlock - 2 : superBlock.groups() - 1;
        int tried = 0;
        for (long group = first; group <= Math.min(last, superBlock.groups() - 1) && tried < BACKUPS; group++) {
            boolean holds = inMetaGroup(number) ? group == first || group == last : superBlock.hasCopy(group);
            if (holds) {
                tried++;
                byte[] backup = tryRead(copy(number, group));
                if (backup != null && plausible(backup, number)) {
                    return backup;
                }
            }
        }
        if (primary == null) {
            throw new CorruptException("block %d of the ext group descriptors cannot be read".formatted(number));
        }
        return primary;
    }

    private boolean inMetaGroup(int number) {
        return superBlock.has(SuperBlock.META_GROUPS) && number >= superBlock.firstMetaGroup();
    }

    /// The block that holds a copy of the descriptors `number`; with meta groups the copy of 0 is the first of three.
    private long copy(int number, long group) {
        if (inMetaGroup(number)) {
            long holder = group == 0 ? (long) number * perBlock : group;
            return superBlock.groupStart(holder) + (superBlock.hasCopy(holder) ? 1 : 0) + shift(holder);
        }
        return superBlock.groupStart(group) + 1 + number + shift(group);
    }

    /// With blocks of 1 KiB and no block kept before the first group, the superblock is block 1 and not 0.
    private long shift(long group) {
        return group == 0 && superBlock.blockSize() == 1024 && superBlock.firstDataBlock() == 0 ? 1 : 0;
    }

    private byte @Nullable [] tryRead(long block) throws IOException {
        try {
            return blocks.read(block, "group descriptors");
        } catch (CorruptException e) {
            return null;
        }
    }

    private boolean plausible(byte[] table, int number) {
        long first = (long) number * perBlock;
        for (long group = first; group < Math.min(first + perBlock, superBlock.groups()); group++) {
            long block = inodeTable(table, group);
            if (block <= superBlock.firstDataBlock() || block >= superBlock.blocks()) {
                return false;
            }
        }
        return true;
    }

    private static final class Bitmap {
        final long group;
        final byte[] bits;

        Bitmap(long group, byte[] bits) {
            this.group = group;
            this.bits = bits;
        }
    }
}
