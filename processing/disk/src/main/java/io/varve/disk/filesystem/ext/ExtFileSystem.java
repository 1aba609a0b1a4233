package io.varve.disk.filesystem.ext;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.Slice;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.ext.ExtNode.State;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One ext2, ext3 or ext4 file system.
///
/// The journal is not replayed: what it holds that is not yet in place is missing, and noted with the root folder.
final class ExtFileSystem implements FileSystem {
    static final long ROOT = 2;
    private static final int BLOCK_POINTERS = 40;
    private static final int BLOCK_POINTERS_LENGTH = 60;
    private static final int LONGEST_LINK = 1 << 16;

    private final Blocks blocks;
    private final SuperBlock superBlock;
    private final Groups groups;
    private final InodeTable inodes;
    private final List<String> notes;
    private final AtomicBoolean noted = new AtomicBoolean();
    /// Inodes that a name in use leads to, in the folders listed so far.
    private final InodeSet named;
    /// Inodes that a deleted name leads to.
    private final InodeSet namedDeleted;
    /// Folders listed so far.
    private final InodeSet listed;

    /// @param notes what opening it found out
    ExtFileSystem(Blocks blocks, List<String> notes) {
        this.blocks = blocks;
        this.superBlock = blocks.superBlock();
        this.groups = new Groups(blocks);
        this.inodes = new InodeTable(blocks, groups);
        this.notes = List.copyOf(notes);
        this.named = new InodeSet(superBlock.lastInode());
        this.namedDeleted = new InodeSet(superBlock.lastInode());
        this.listed = new InodeSet(superBlock.lastInode());
    }

    @Override
    public String type() {
        return superBlock.type();
    }

    @Override
    public Optional<String> label() {
        return superBlock.label().isEmpty() ? Optional.empty() : Optional.of(superBlock.label());
    }

    @Override
    public Node root() throws IOException {
        Inode metadata = inodes.inode(ROOT);
        if (metadata.type() != Type.DIRECTORY) {
            throw new CorruptException("ext root folder, inode 2 at offset %d: mode is %o"
                    .formatted(inodes.position(ROOT), metadata.mode()));
        }
        named.add(ROOT);
        return new ExtNode(this, null, "", ROOT, metadata, State.IN_USE, Type.DIRECTORY, true);
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        if (!(folder instanceof ExtNode node) || node.fileSystem != this) {
            throw new IllegalArgumentException("a folder of another file system");
        }
        if (node.inode() == ROOT && noted.compareAndSet(false, true)) {
            notes.forEach(problems::noted);
            if (superBlock.blocks() > blocks.volume().size() / superBlock.blockSize()) {
                problems.lost(
                        OptionalLong.of(blocks.volume().size()),
                        "the volume ends after %d of the %d bytes of its %s file system"
                                .formatted(
                                        blocks.volume().size(), superBlock.blocks() * superBlock.blockSize(), type()));
            }
        }
        if (node.type() == Type.DIRECTORY) {
            new FolderListing(this, node, names, problems).list();
        }
    }

    @Override
    public void orphans(Consumer<Node> names, Problems problems) throws IOException {
        new Orphans(this, names, problems).find();
    }

    Blocks blocks() {
        return blocks;
    }

    SuperBlock superBlock() {
        return superBlock;
    }

    Groups groups() {
        return groups;
    }

    InodeTable inodes() {
        return inodes;
    }

    InodeSet named() {
        return named;
    }

    InodeSet namedDeleted() {
        return namedDeleted;
    }

    InodeSet listed() {
        return listed;
    }

    Bytes open(ExtNode node) throws IOException {
        switch (node.state) {
            case REUSED ->
                throw refused(node, "the inode of this deleted name is in use again", "read the file that has it now");
            case UNREADABLE -> throw refused(node, "the inode cannot be read", "nothing: its content is lost");
            case IN_USE, FREE -> {}
        }
        if (node.type().isSpecial()) {
            return Bytes.of(new byte[0]);
        }
        if (node.metadata.has(Inode.ENCRYPTED) && node.type() != Type.DIRECTORY) {
            throw refused(
                    node,
                    "the content is encrypted (fscrypt)",
                    "capture it from the running host, where it is unlocked");
        }
        return content(node.inode(), node.metadata, inodes.raw(node.inode()));
    }

    /// Empty when it is encrypted.
    Optional<String> target(ExtNode node) throws IOException {
        if (node.metadata.has(Inode.ENCRYPTED)) {
            return Optional.empty();
        }
        try (Bytes content = open(node)) {
            byte[] raw = new byte[Limits.check(content.size(), LONGEST_LINK, "target of inode " + node.inode())];
            content.read(0, raw, 0, raw.length);
            return Optional.of(Names.text(raw));
        }
    }

    /// Stored in the first word of the block pointers in the old 16-bit form, else in the second in the new one.
    long device(ExtNode node) throws IOException {
        byte[] raw = inodes.raw(node.inode());
        int old = LittleEndian.i32(raw, BLOCK_POINTERS);
        int wide = LittleEndian.i32(raw, BLOCK_POINTERS + 4);
        long major = old != 0 ? old >>> 8 & 0xff : wide >>> 8 & 0xfff;
        long minor = old != 0 ? old & 0xff : wide & 0xff | wide >>> 12 & 0xfff00;
        return major << 32 | minor;
    }

    Map<String, byte[]> attributes(ExtNode node) throws IOException {
        var found = new TreeMap<>(Attributes.read(this, node.inode(), inodes.raw(node.inode())));
        if (node.metadata.has(Inode.INLINE)) {
            found.remove(Attributes.INLINE_DATA);
        }
        return found;
    }

    /// The inode that holds the value of an extended attribute.
    Bytes attributeValue(long inode) throws IOException {
        Inode metadata = inodes.inode(inode);
        if (!metadata.has(Inode.ATTRIBUTE_VALUE)) {
            throw new CorruptException("inode %d holds no extended attribute".formatted(inode));
        }
        return content(inode, metadata, inodes.raw(inode));
    }

    /// @param raw the inode
    Bytes content(long inode, Inode metadata, byte[] raw) throws IOException {
        if (metadata.size() < 0) {
            throw new CorruptException("inode %d has a size of %d bytes".formatted(inode, metadata.size()));
        }
        byte[] data = Arrays.copyOfRange(raw, BLOCK_POINTERS, BLOCK_POINTERS + BLOCK_POINTERS_LENGTH);
        if (metadata.has(Inode.INLINE)) {
            return inline(inode, metadata.size(), data, raw);
        }
        boolean inPlace = metadata.type() == Type.LINK && !metadata.has(Inode.EXTENTS);
        if (inPlace && metadata.size() < BLOCK_POINTERS_LENGTH) {
            return new Slice(Bytes.of(data), 0, metadata.size());
        }
        return new MappedContent(blocks, map(inode, metadata, data), metadata.size(), inode);
    }

    /// The part of inline content that does not fit into the block pointers.
    byte[] inlineRest(long inode, byte[] raw) throws IOException {
        return Attributes.readInInode(this, inode, raw).getOrDefault(Attributes.INLINE_DATA, new byte[0]);
    }

    BlockMap map(long inode, Inode metadata, byte[] data) {
        return metadata.has(Inode.EXTENTS) ? new ExtentTree(blocks, inode, data) : new IndirectMap(blocks, inode, data);
    }

    BlockMap mapOf(long inode, Inode metadata, byte[] raw) {
        return map(inode, metadata, Arrays.copyOfRange(raw, BLOCK_POINTERS, BLOCK_POINTERS + BLOCK_POINTERS_LENGTH));
    }

    private Bytes inline(long inode, long size, byte[] data, byte[] raw) throws IOException {
        if (size <= data.length) {
            return new Slice(Bytes.of(data), 0, size);
        }
        byte[] rest = inlineRest(inode, raw);
        byte[] whole = Arrays.copyOf(data, data.length + rest.length);
        System.arraycopy(rest, 0, whole, data.length, rest.length);
        return new Slice(Bytes.of(whole), 0, size);
    }

    private LayerException refused(ExtNode node, String problem, String remedy) throws IOException {
        OptionalLong place = node.inode() < 1 || node.inode() > superBlock.lastInode()
                ? OptionalLong.empty()
                : OptionalLong.of(inodes.position(node.inode()));
        return new LayerException(type(), place, "inode %d: %s".formatted(node.inode(), problem), remedy);
    }
}
