package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.filesystem.Node;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Optional;

/// A file in a file system, or a named stream of one.
final class VolumeFile implements EvidenceFile {
    private final VolumeTree tree;
    private final Optional<Node> folder;
    private final Node node;
    private final Optional<Node.Stream> stream;
    private final String path;

    /// @param folder the folder it was found in, where it has one
    VolumeFile(VolumeTree tree, Optional<Node> folder, Node node, Optional<Node.Stream> stream, String path) {
        this.tree = tree;
        this.folder = folder;
        this.node = node;
        this.stream = stream;
        this.path = path;
    }

    @Override
    public Optional<String> volume() {
        return Optional.of(tree.volume());
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public long size() {
        return stream.map(Node.Stream::size).orElseGet(node::size);
    }

    @Override
    public Optional<EventTime> modified() {
        return node.times().modified();
    }

    @Override
    public Bytes open() throws IOException {
        return stream.isPresent() ? stream.get().open() : node.open();
    }

    @Override
    public Optional<EvidenceFile> sibling(String name) {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        try {
            String beside = path.substring(0, path.lastIndexOf('/') + 1) + Names.segment(name);
            return tree.child(folder.get(), Names.segment(name))
                    .filter(other -> other.type() == Type.FILE)
                    .map(other -> new VolumeFile(tree, folder, other, Optional.empty(), beside));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
