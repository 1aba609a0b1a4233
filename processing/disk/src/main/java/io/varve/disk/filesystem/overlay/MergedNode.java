package io.varve.disk.filesystem.overlay;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A name in a container: the metadata and content of the uppermost layer that has it.
///
/// @param parts the same name in the layers, the uppermost first; more than one only for folders
record MergedNode(String name, List<Node> parts) implements Node {
    private static final List<String> METADATA_ONLY = List.of("trusted.overlay.metacopy", "user.overlay.metacopy");

    private Node top() {
        return parts.getFirst();
    }

    @Override
    public boolean allocated() {
        return true;
    }

    @Override
    public long inode() {
        return top().inode();
    }

    @Override
    public Type type() {
        return top().type();
    }

    @Override
    public long size() {
        return top().size();
    }

    @Override
    public OptionalInt mode() {
        return top().mode();
    }

    @Override
    public OptionalLong uid() {
        return top().uid();
    }

    @Override
    public OptionalLong gid() {
        return top().gid();
    }

    @Override
    public Times times() {
        return top().times();
    }

    @Override
    public OptionalLong device() throws IOException {
        return top().device();
    }

    @Override
    public Optional<String> target() throws IOException {
        return top().target();
    }

    @Override
    public Map<String, byte[]> attributes() throws IOException {
        return top().attributes();
    }

    @Override
    public int links() {
        return top().links();
    }

    @Override
    public Bytes open() throws IOException {
        Map<String, byte[]> attributes = type() == Type.FILE ? attributes() : Map.of();
        if (METADATA_ONLY.stream().anyMatch(attributes::containsKey)) {
            throw new LayerException(
                    "overlay",
                    OptionalLong.empty(),
                    "inode %d: the layer holds only the metadata of this file".formatted(inode()),
                    "read it in the layers below, in the store of the node");
        }
        return top().open();
    }
}
