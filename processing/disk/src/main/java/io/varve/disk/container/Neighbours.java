package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Optional;

/// The files beside an image: further segments, extents, parents. Names come from evidence, so an implementation opens
/// plain names in one folder only and nothing else.
public interface Neighbours {
    Neighbours NONE = name -> Optional.empty();

    /// A file by its plain name, the case of letters not mattering when none has the exact name; empty when there is
    /// none. The caller closes it.
    Optional<Bytes> open(String name) throws IOException;
}
