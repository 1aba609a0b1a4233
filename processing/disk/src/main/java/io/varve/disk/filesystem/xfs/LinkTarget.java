package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import java.io.IOException;

/// What a symbolic link says: in its inode, or in extents that in version 5 begin with a header each.
final class LinkTarget {
    /// Longest target, far beyond the kernel's 1,024 bytes.
    private static final int LONGEST = 1 << 16;

    private static final int MAGIC = 0x58534c4d; // XSLM
    private static final int HEADER = 56;

    private LinkTarget() {}

    static byte[] read(Metadata metadata, Inode inode, Block block) throws IOException {
        if (inode.size() < 0 || inode.size() > LONGEST) {
            throw block.corrupt("link %d of %d bytes".formatted(inode.number(), inode.size()));
        }
        int size = (int) inode.size();
        Block fork = inode.dataFork(block);
        if (inode.format() == Inode.LOCAL) {
            return fork.copy(0, size);
        }
        ExtentList extents = ExtentTree.read(metadata, fork, inode.format(), inode.extents());
        if (metadata.superblock().version() < 5) {
            byte[] target = new byte[size];
            new FileContent(metadata, inode.number(), extents, size).read(0, target, 0, size);
            return target;
        }
        return joined(metadata, inode, extents, size);
    }

    /// The header is at the start of each extent, not of each block.
    private static byte[] joined(Metadata metadata, Inode inode, ExtentList extents, int size) throws IOException {
        long unit = metadata.superblock().blockSize();
        var content = new FileContent(metadata, inode.number(), extents, Math.min(extents.end(), LONGEST) * unit);
        byte[] target = new byte[size];
        int done = 0;
        for (int i = 0; i < extents.size() && done < size; i++) {
            long start = extents.offset(i) * unit;
            int length = (int) Math.min((extents.end(i) - extents.offset(i)) * unit, LONGEST);
            byte[] bytes = new byte[length];
            content.read(start, bytes, 0, length);
            Block part = new Block("link " + inode.number(), start, bytes, 0, length);
            if (part.i32(0) != MAGIC || part.u32(4) != done) {
                throw part.corrupt("no part of a link");
            }
            int count = (int) Math.min(part.u32(8), Math.min(size - done, length - HEADER));
            System.arraycopy(bytes, HEADER, target, done, count);
            done += count;
        }
        if (done < size) {
            throw new CorruptException(
                    "XFS link %d: %d of its %d bytes are there".formatted(inode.number(), done, size));
        }
        return target;
    }
}
