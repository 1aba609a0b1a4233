package io.varve.disk;

import java.util.OptionalLong;

/// Told what of a layer could not be read while the rest of it was.
public interface Problems {
    /// Something is lost.
    ///
    /// @param offset byte offset in the bytes the layer lies in
    void lost(OptionalLong offset, String reason);

    /// Something to know; nothing is lost.
    void noted(String reason);
}
