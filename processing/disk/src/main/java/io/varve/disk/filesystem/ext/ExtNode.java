package io.varve.disk.filesystem.ext;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.filesystem.Node;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A name and the inode it leads to.
///
/// A deleted name whose inode other names lead to, of another file or of the same one renamed, shows the inode's number
/// and nothing of its metadata or content: they need not be those of the deleted file.
final class ExtNode implements Node {
    /// What is known of the inode.
    enum State {
        IN_USE,
        FREE,
        /// A deleted name's inode that is in use and has names.
        REUSED,
        /// The number is 0 or the inode cannot be read.
        UNREADABLE
    }

    final ExtFileSystem fileSystem;
    final @Nullable ExtNode parent;
    final Inode metadata;
    final State state;
    private final String name;
    private final long inode;
    private final Type type;
    private final boolean allocated;

    ExtNode(
            ExtFileSystem fileSystem,
            @Nullable ExtNode parent,
            String name,
            long inode,
            Inode metadata,
            State state,
            Type type,
            boolean allocated) {
        this.fileSystem = fileSystem;
        this.parent = parent;
        this.name = name;
        this.inode = inode;
        this.metadata = metadata;
        this.state = state;
        this.type = type;
        this.allocated = allocated;
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
        return inode;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public long size() {
        return Math.max(0, metadata.size());
    }

    @Override
    public OptionalInt mode() {
        return known() ? OptionalInt.of(metadata.mode() & 0xfff) : OptionalInt.empty();
    }

    @Override
    public OptionalLong uid() {
        return known() ? OptionalLong.of(metadata.uid()) : OptionalLong.empty();
    }

    @Override
    public OptionalLong gid() {
        return known() ? OptionalLong.of(metadata.gid()) : OptionalLong.empty();
    }

    @Override
    public Times times() {
        return known() ? metadata.times() : Times.NONE;
    }

    @Override
    public Optional<EventTime> deleted() {
        return state == State.FREE ? metadata.deletedAt() : Optional.empty();
    }

    @Override
    public int links() {
        return metadata.links();
    }

    @Override
    public OptionalLong device() throws IOException {
        boolean device = type == Type.CHARACTER || type == Type.BLOCK;
        return device && known() ? OptionalLong.of(fileSystem.device(this)) : OptionalLong.empty();
    }

    @Override
    public Optional<String> target() throws IOException {
        return type == Type.LINK && known() ? fileSystem.target(this) : Optional.empty();
    }

    @Override
    public Map<String, byte[]> attributes() throws IOException {
        return known() ? fileSystem.attributes(this) : Map.of();
    }

    @Override
    public Bytes open() throws IOException {
        return fileSystem.open(this);
    }

    @Override
    public String toString() {
        return "%s (inode %d)".formatted(name, inode);
    }

    private boolean known() {
        return state == State.IN_USE || state == State.FREE;
    }
}
