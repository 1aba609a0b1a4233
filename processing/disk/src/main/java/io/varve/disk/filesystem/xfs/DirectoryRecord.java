package io.varve.disk.filesystem.xfs;

/// An entry in a folder's data block, or the free run that entries leave when they are removed.
///
/// A free run overwrites the first four bytes (high half of an inode number) of the entry at its start and the last two
/// of the entry at its end, so names in it survive until the space is used again.
final class DirectoryRecord {
    private static final int FREE = 0xffff;
    private static final int LARGEST_TYPE = 8;

    private final Superblock superblock;
    private final long folder;
    private final Directory.Names names;
    private final int typeLength;

    DirectoryRecord(Superblock superblock, long folder, Directory.Names names) {
        this.superblock = superblock;
        this.folder = folder;
        this.names = names;
        this.typeLength = superblock.fileTypes() ? 1 : 0;
    }

    /// Reads what lies at `at`.
    ///
    /// @return its length, or 0 when nothing valid does
    int read(Block block, int at, int end) {
        if (at + 16 > end && (at + 8 > end || block.u16(at) != FREE)) {
            return 0;
        }
        if (block.u16(at) == FREE) {
            int length = block.u16(at + 2);
            if (length < 8 || length % 8 != 0 || at + length > end || block.u16(at + length - 2) != at) {
                return 0;
            }
            removed(block, at, at + length);
            return length;
        }
        int length = length(block, at);
        if (block.u8(at + 8) == 0 || at + length > end || block.u16(at + length - 2) != at) {
            return 0;
        }
        found(block, at, block.i64(at), true);
        return length;
    }

    /// The same in a block that is damaged: what is no name or no inode is not believed.
    int readDamaged(Block block, int at, int end) {
        if (at + 16 > end) {
            return 0;
        }
        boolean believed = block.u16(at) == FREE
                || plausible(block, at, length(block, at), -1, end) && superblock.holds(block.i64(at));
        return believed ? read(block, at, end) : 0;
    }

    private void removed(Block block, int start, int end) {
        int at = start;
        while (at + 16 <= end) {
            int length = length(block, at);
            if (!plausible(block, at, length, start, end)) {
                at += 8;
                continue;
            }
            boolean overwritten = block.u16(at) == FREE;
            found(block, at, overwritten ? folder & ~0xffff_ffffL | block.u32(at + 4) : block.i64(at), false);
            at += length;
        }
    }

    private boolean plausible(Block block, int at, int length, int start, int end) {
        int nameLength = block.u8(at + 8);
        if (nameLength == 0 || at + length > end) {
            return false;
        }
        int tag = block.u16(at + length - 2);
        if (tag != at && (tag != start || at + length != end)) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            int letter = block.u8(at + 9 + i);
            if (letter == 0 || letter == '/') {
                return false;
            }
        }
        return typeLength == 0 || block.u8(at + 9 + nameLength) <= LARGEST_TYPE;
    }

    private void found(Block block, int at, long inode, boolean live) {
        int nameLength = block.u8(at + 8);
        boolean dots = block.u8(at + 9) == '.' && (nameLength == 1 || nameLength == 2 && block.u8(at + 10) == '.');
        if (!dots && (live || superblock.holds(inode))) {
            names.found(block, at + 9, nameLength, inode, typeLength == 0 ? 0 : block.u8(at + 9 + nameLength), live);
        }
    }

    private int length(Block block, int at) {
        return 8 + 1 + block.u8(at + 8) + typeLength + 2 + 7 & ~7;
    }
}
