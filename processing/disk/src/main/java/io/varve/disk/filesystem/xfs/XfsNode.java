package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A name with its inode, as small as a million of them need it.
final class XfsNode implements Node {
    static final long NO_PARENT = -1;

    private final XfsFileSystem owner;
    private final String name;
    private final long number;
    private final long parent;
    private final Type type;
    private final boolean allocated;
    private final @Nullable Inode inode;
    private final long size;

    /// @param parent inode of the folder it was found in, [#NO_PARENT] when none names it
    /// @param inode null when it cannot be read, or is another file's by now
    XfsNode(
            XfsFileSystem owner,
            String name,
            long number,
            long parent,
            Type type,
            boolean allocated,
            @Nullable Inode inode,
            long size) {
        this.owner = owner;
        this.name = name;
        this.number = number;
        this.parent = parent;
        this.type = type;
        this.allocated = allocated;
        this.inode = inode;
        this.size = size;
    }

    long parent() {
        return parent;
    }

    Optional<Inode> core() {
        return Optional.ofNullable(inode);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean allocated() {
        return allocated;
    }

    @Override
    public long inode() {
        return number;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public OptionalInt mode() {
        return inode == null || inode.free() ? OptionalInt.empty() : OptionalInt.of(inode.mode() & 0xfff);
    }

    @Override
    public OptionalLong uid() {
        return inode == null ? OptionalLong.empty() : OptionalLong.of(inode.uid());
    }

    @Override
    public OptionalLong gid() {
        return inode == null ? OptionalLong.empty() : OptionalLong.of(inode.gid());
    }

    @Override
    public Times times() {
        return inode == null ? Times.NONE : inode.times();
    }

    @Override
    public OptionalLong device() {
        return inode == null || inode.free() ? OptionalLong.empty() : inode.deviceNumber();
    }

    @Override
    public Optional<String> target() throws IOException {
        return owner.target(this);
    }

    @Override
    public Map<String, byte[]> attributes() throws IOException {
        return owner.attributes(this);
    }

    @Override
    public int links() {
        return inode == null ? 0 : (int) Math.min(inode.links(), Integer.MAX_VALUE);
    }

    @Override
    public Bytes open() throws IOException {
        return owner.content(this);
    }
}
