package io.varve.disk.filesystem;

import io.varve.disk.Problems;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// One file system, read lazily. Safe for several threads: folders are listed and files read side by side.
///
/// Damage costs the entry, folder or file it is in: it is told to [Problems] and the rest goes on. Every walk is
/// bounded: loops of folders, extents or lists end in [Problems#lost].
public interface FileSystem extends AutoCloseable {
    /// With the version where it matters, in lower case: `ext4`, `xfs`, `ntfs`, `fat32`.
    String type();

    /// Its own name, where several share a volume; else its label, if it has one.
    Optional<String> label();

    /// Whether [#label] tells it apart from others in the same volume and belongs into the volume's name.
    default boolean shared() {
        return false;
    }

    Node root() throws IOException;

    /// The names in a folder, `.` and `..` left out, deleted names that the format keeps among them. Each is given to
    /// `names` as it is found.
    void list(Node folder, Consumer<Node> names, Problems problems) throws IOException;

    /// Files and folders that are allocated or recoverable but that no folder names; their `name` is made from their
    /// metadata address, e.g. `OrphanFile-16`.
    default void orphans(Consumer<Node> names, Problems problems) throws IOException {}

    @Override
    default void close() throws IOException {}
}
