package io.varve.disk.filesystem.xfs;

import java.util.ArrayList;
import java.util.List;

/// A folder small enough to lie in its inode. When a name is removed the rest moves up, so the last name of an earlier,
/// longer list may still lie behind the end.
final class ShortDirectory {
    private static final int LARGEST_TYPE = 8;

    private final Superblock superblock;
    private final Directory.Names names;
    private final int typeLength;

    ShortDirectory(Superblock superblock, Directory.Names names) {
        this.superblock = superblock;
        this.names = names;
        this.typeLength = superblock.fileTypes() ? 1 : 0;
    }

    static long parent(Block fork) {
        return inode(fork, 2, fork.u8(1) > 0 ? 8 : 4);
    }

    void read(Inode inode, Block fork) {
        int wide = fork.u8(1);
        int inodeLength = wide > 0 ? 8 : 4;
        int count = fork.u8(0);
        int at = 2 + inodeLength;
        List<Long> live = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            at = entry(fork, at, inodeLength, true, live);
        }
        if (at != inode.size()) {
            throw fork.corrupt(
                    "folder %d of %d bytes holds %d bytes of names".formatted(inode.number(), inode.size(), at));
        }
        while (removed(fork, at, inodeLength, live)) {
            at = entry(fork, at, inodeLength, false, live);
        }
    }

    private int entry(Block fork, int at, int inodeLength, boolean allocated, List<Long> live) {
        int nameLength = fork.u8(at);
        int typeAt = at + 3 + nameLength;
        long inode = inode(fork, typeAt + typeLength, inodeLength);
        if (nameLength == 0) {
            throw fork.corrupt("a name at +%d is empty".formatted(at));
        }
        names.found(fork, at + 3, nameLength, inode, typeLength == 0 ? 0 : fork.u8(typeAt), allocated);
        live.add(inode);
        return typeAt + typeLength + inodeLength;
    }

    /// Whether an entry lies there that is not a copy of one still in use.
    private boolean removed(Block fork, int at, int inodeLength, List<Long> live) {
        if (at + 3 >= fork.length()) {
            return false;
        }
        int nameLength = fork.u8(at);
        int typeAt = at + 3 + nameLength;
        boolean fits = nameLength > 0 && typeAt + typeLength + inodeLength <= fork.length();
        if (!fits || typeLength == 1 && (fork.u8(typeAt) == 0 || fork.u8(typeAt) > LARGEST_TYPE)) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            int letter = fork.u8(at + 3 + i);
            if (letter < 0x20 || letter == '/') {
                return false;
            }
        }
        long inode = inode(fork, typeAt + typeLength, inodeLength);
        return superblock.holds(inode) && !live.contains(inode);
    }

    private static long inode(Block fork, int at, int length) {
        return length == 8 ? fork.i64(at) : fork.u32(at);
    }
}
