package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Extended attributes of an inode: in the inode, in leaf blocks, or with their values in blocks of their own.
final class Attributes {
    /// Most bytes of all values of one file.
    static final int MOST = 16 << 20;

    private static final int LONGEST = 1 << 16;
    private static final int DEEPEST = 16;
    private static final int NODE_2 = 0xfebe;
    private static final int LEAF_2 = 0xfbee;
    private static final int NODE_3 = 0x3ebe; // version 5
    private static final int LEAF_3 = 0x3bee;
    private static final int REMOTE = 0x5841524d; // XARM
    private static final int REMOTE_HEADER = 56;

    private static final int IN_LEAF = 1;
    private static final int TRUSTED = 2;
    private static final int SECURITY = 4;
    private static final int PARENT = 8;
    private static final int INCOMPLETE = 0x80;

    private final Metadata metadata;
    private final Inode inode;
    private final Map<String, byte[]> found = new LinkedHashMap<>();
    private int total;

    private Attributes(Metadata metadata, Inode inode) {
        this.metadata = metadata;
        this.inode = inode;
    }

    static Map<String, byte[]> read(Metadata metadata, Inode inode, Block block) throws IOException {
        Optional<Block> fork = inode.attributeFork(block);
        if (fork.isEmpty()) {
            return Map.of();
        }
        var attributes = new Attributes(metadata, inode);
        if (inode.attributesFormat() == Inode.LOCAL) {
            attributes.inInode(fork.get());
        } else {
            attributes.inBlocks(
                    ExtentTree.read(metadata, fork.get(), inode.attributesFormat(), inode.attributeExtents()));
        }
        return attributes.found;
    }

    private void inInode(Block fork) {
        int count = fork.u8(2);
        int at = 4;
        for (int i = 0; i < count; i++) {
            int nameLength = fork.u8(at);
            int valueLength = fork.u8(at + 1);
            add(fork.u8(at + 2), fork.copy(at + 3, nameLength), fork.copy(at + 3 + nameLength, valueLength));
            at += 3 + nameLength + valueLength;
        }
    }

    private void inBlocks(ExtentList extents) throws IOException {
        if (extents.size() == 0) {
            return;
        }
        int unit = metadata.superblock().blockSize();
        long blocks = Math.min(extents.end(), Integer.MAX_VALUE);
        var content = new FileContent(metadata, inode.number(), extents, blocks * unit);
        Set<Long> visited = new HashSet<>();
        long number = 0;
        for (int depth = 0; ; ) {
            Block block = block(content, number);
            if (!visited.add(number)) {
                throw block.corrupt("attributes of inode %d run in a circle".formatted(inode.number()));
            }
            int magic = block.u16(8);
            if ((magic == NODE_2 || magic == NODE_3) && depth < DEEPEST) {
                depth++;
                number = block.u32((magic == NODE_3 ? 64 : 16) + 4);
                continue;
            }
            if (magic != LEAF_2 && magic != LEAF_3) {
                throw block.corrupt("no attribute block, signature %#x".formatted(magic));
            }
            leaf(content, block, magic == LEAF_3);
            number = block.u32(0);
            if (number == 0) {
                return;
            }
        }
    }

    private Block block(FileContent content, long number) throws IOException {
        int unit = metadata.superblock().blockSize();
        byte[] bytes = new byte[unit];
        content.read(number * unit, bytes, 0, unit);
        return new Block("attributes of inode " + inode.number(), number * unit, bytes, 0, unit);
    }

    private void leaf(FileContent content, Block block, boolean third) throws IOException {
        int count = block.u16(third ? 56 : 12);
        int entries = third ? 80 : 32;
        for (int i = 0; i < count; i++) {
            int at = block.u16(entries + i * 8 + 4);
            int flags = block.u8(entries + i * 8 + 6);
            if ((flags & INCOMPLETE) != 0) {
                continue;
            }
            if ((flags & IN_LEAF) != 0) {
                int nameLength = block.u8(at + 2);
                add(flags, block.copy(at + 3, nameLength), block.copy(at + 3 + nameLength, block.u16(at)));
                continue;
            }
            byte[] name = block.copy(at + 9, block.u8(at + 8));
            add(flags, name, remote(content, block.u32(at), block.u32(at + 4), third));
        }
    }

    private byte[] remote(FileContent content, long first, long length, boolean third) throws IOException {
        if (length > LONGEST || length > MOST - total) {
            throw new CorruptException("XFS inode %d: attribute of %d bytes".formatted(inode.number(), length));
        }
        int unit = metadata.superblock().blockSize();
        byte[] value = new byte[(int) length];
        int done = 0;
        for (long number = first; done < value.length; number++) {
            Block block = block(content, number);
            int header = third ? REMOTE_HEADER : 0;
            if (third && block.i32(0) != REMOTE) {
                throw block.corrupt("no block of a remote value");
            }
            int part = Math.min(value.length - done, unit - header);
            System.arraycopy(block.bytes(), block.start() + header, value, done, part);
            done += part;
        }
        return value;
    }

    private void add(int flags, byte[] name, byte[] value) {
        if ((flags & PARENT) != 0) {
            return; // names of the inode itself, kept twice
        }
        total += value.length;
        if (total > MOST) {
            throw new CorruptException(
                    "XFS inode %d has more than %d bytes of attributes".formatted(inode.number(), MOST));
        }
        String space = (flags & TRUSTED) != 0 ? "trusted." : (flags & SECURITY) != 0 ? "security." : "user.";
        found.put(space + Names.text(name), value);
    }
}
