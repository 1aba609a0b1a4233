package io.varve.disk.filesystem.sleuthkit;

import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// One of several file systems in a volume that could not be opened, e.g. because it is encrypted: it is there, and
/// says
/// why it cannot be read.
record Unopened(String name, Exception reason) implements FileSystem {
    @Override
    public String type() {
        return "unreadable";
    }

    @Override
    public Optional<String> label() {
        return Optional.of(name);
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Node root() throws IOException {
        throw new IOException(reason.getMessage(), reason);
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        throw new IOException(reason.getMessage(), reason);
    }
}
