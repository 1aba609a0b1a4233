package io.varve.evidence;

import java.io.IOException;

/// Opens object stores of one kind of target. Found by `ServiceLoader`, so that what starts without a target's client
/// never loads it.
public interface StoreKind {
    /// As settings name it, e.g. `s3`.
    String name();

    /// @throws IOException when the target cannot be used, or the settings do not name one
    ObjectStore open(StoreSettings settings) throws IOException;
}
