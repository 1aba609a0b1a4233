package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.u16;
import static io.varve.disk.LittleEndian.u32;
import static io.varve.disk.LittleEndian.u8;

/// Finds the names in one block of a folder: those in use, and the deleted ones in the gaps that entries leave before
/// the next.
///
/// An entry is longer than its name needs where the entry after it was deleted. The gap is searched word by word for
/// whole entries, so the deleted names are those that The Sleuth Kit shows. The nodes of the hash tree (`dir_index`)
/// hold no names; only what lies past their last entry is searched.
///
/// Source: <https://docs.kernel.org/filesystems/ext4/directory.html>.
final class DirectoryBlock {
    private static final int HEADER = 8;
    private static final int SHORTEST = 12;
    private static final int LONGEST_NAME = 255;
    private static final int ROOT_INFORMATION = 24;
    private static final int TREE_ENTRY = 8;

    private final boolean typed;
    private final boolean wide;
    private final boolean indexed;
    private final long lastInode;
    /// Bytes that follow a name: its hash, in folders that are encrypted and casefolded.
    private final int hash;
    private final boolean deletedFolder;
    private final Names names;

    /// Told each name.
    @FunctionalInterface
    interface Names {
        /// @param type of the file as the entry states it, 0 when it does not
        /// @param live false for a deleted name
        void name(byte[] bytes, int start, int length, long inode, int type, boolean live);
    }

    /// @param deletedFolder whether the folder itself was deleted, and all names in it with it
    DirectoryBlock(SuperBlock superBlock, Inode folder, boolean deletedFolder, Names names) {
        this.typed = superBlock.has(SuperBlock.FILETYPE);
        this.wide = superBlock.blockSize() > 0xffff;
        this.indexed = folder.has(Inode.INDEXED);
        this.lastInode = superBlock.lastInode();
        this.hash = folder.has(Inode.ENCRYPTED) && folder.has(Inode.CASEFOLDED) ? 8 : 0;
        this.deletedFolder = deletedFolder;
        this.names = names;
    }

    /// Reads one block, or a part of an inode that holds entries.
    ///
    /// @param first whether it is the first block of the folder
    /// @return where the first damaged entry is, -1 when there is none
    int read(byte[] bytes, int start, int length, boolean first) {
        int damage = -1;
        int end = start + length;
        int at = start;
        while (at <= end - SHORTEST) {
            int entry = entryLength(bytes, at);
            boolean fits = entry >= SHORTEST && entry % 4 == 0 && entry <= end - at;
            if (fits && isEmpty(bytes, at)) {
                gap(bytes, at == start ? treeEnd(bytes, at, HEADER, end) : at + HEADER, at + entry, end);
                at += entry;
            } else if (isEntry(bytes, at, end)) {
                long inode = u32(bytes, at);
                report(bytes, at, inode, inode != 0 && !deletedFolder);
                int needed = at + needed(bytes, at) + hash;
                boolean root = first && at - start + needed(bytes, at) == ROOT_INFORMATION;
                gap(bytes, root ? treeRootEnd(bytes, start, end) : needed, at + entry, end);
                at += entry;
            } else {
                damage = damage < 0 ? at : damage;
                at += 4;
            }
        }
        return damage;
    }

    private void gap(byte[] bytes, int from, int to, int end) {
        int at = from;
        while (at <= to - SHORTEST) {
            if (isEntry(bytes, at, end) && at + needed(bytes, at) <= to) {
                report(bytes, at, u32(bytes, at), false);
                at += needed(bytes, at);
            } else {
                at += 4;
            }
        }
    }

    private void report(byte[] bytes, int at, long inode, boolean live) {
        int length = nameLength(bytes, at);
        int start = at + HEADER;
        if (!isDots(bytes, start, length)) {
            names.name(bytes, start, length, inode, typed ? bytes[at + 7] & 7 : 0, live);
        }
    }

    private boolean isEntry(byte[] bytes, int at, int end) {
        int entry = entryLength(bytes, at);
        int name = nameLength(bytes, at);
        return name > 0
                && name <= LONGEST_NAME
                && entry >= (HEADER + name + 3 & ~3)
                && entry % 4 == 0
                && entry <= end - at
                && u32(bytes, at) <= lastInode;
    }

    private boolean isEmpty(byte[] bytes, int at) {
        return nameLength(bytes, at) == 0 && u32(bytes, at) == 0;
    }

    private int needed(byte[] bytes, int at) {
        return HEADER + nameLength(bytes, at) + 3 & ~3;
    }

    private int nameLength(byte[] bytes, int at) {
        return typed ? u8(bytes, at + 6) : u16(bytes, at + 6);
    }

    /// Blocks of 64 KiB keep the high bits of a length in its two low ones.
    private int entryLength(byte[] bytes, int at) {
        int stored = u16(bytes, at + 4);
        if (!wide) {
            return stored;
        }
        return stored == 0 || stored == 0xffff ? 1 << 16 : stored & ~3 | (stored & 3) << 16;
    }

    private int treeRootEnd(byte[] bytes, int start, int end) {
        int information = start + ROOT_INFORMATION;
        if (!indexed || information + HEADER > end) {
            return information;
        }
        return treeEnd(bytes, start, ROOT_INFORMATION + u8(bytes, information + 5), end);
    }

    /// Where the entries of a node of the hash tree end; where they would start when it is none.
    private int treeEnd(byte[] bytes, int start, int entries, int end) {
        int at = start + entries;
        if (!indexed || at + TREE_ENTRY > end) {
            return at;
        }
        int most = u16(bytes, at);
        int count = u16(bytes, at + 2);
        int room = (end - at) / TREE_ENTRY;
        boolean node = count > 0 && count <= most && most <= room && most >= room - 1;
        return node ? at + count * TREE_ENTRY : at;
    }

    private static boolean isDots(byte[] bytes, int at, int length) {
        return length <= 2 && bytes[at] == '.' && (length == 1 || bytes[at + 1] == '.');
    }
}
