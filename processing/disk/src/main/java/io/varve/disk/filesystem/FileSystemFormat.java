package io.varve.disk.filesystem;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.List;

/// A file system format. Found by [java.util.ServiceLoader].
public interface FileSystemFormat {
    /// As responders call it, e.g. `XFS`.
    String name();

    /// Formats are asked from low to high; our own readers before the C library.
    int order();

    /// Whether the volume holds one, told by its superblock (or its backup). Reads little.
    boolean claims(Bytes volume) throws IOException;

    /// Opens it: one file system, or several where a volume is shared by some (APFS).
    ///
    /// @throws io.varve.disk.LayerException when a form is not supported
    /// @throws io.varve.binary.CorruptException when the superblock cannot be used
    List<FileSystem> open(Bytes volume) throws IOException;
}
