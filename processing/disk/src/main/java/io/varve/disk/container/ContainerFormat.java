package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;

/// A disk image format. Found by [java.util.ServiceLoader].
public interface ContainerFormat {
    /// As responders call it, e.g. `E01`.
    String name();

    /// Whether this file is (the first segment of) such an image: told by its bytes, by its name only where a format
    /// has no signature. Reads little.
    boolean claims(String fileName, Bytes file) throws IOException;

    /// Opens the disk inside, lazily: reads headers and tables, never the content, and copies nothing to raw.
    ///
    /// @throws io.varve.disk.LayerException when a segment, parent or key is missing or a form is not supported
    /// @throws io.varve.binary.CorruptException when the file does not follow the format
    Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException;
}
