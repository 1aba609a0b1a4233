package io.varve.provider.image;

import io.varve.provider.ProviderException;

/// Whoever looks after a copy while it runs.
public interface Watch {
    /// Whether the copy may go on now. It waits as long as not: those who read first have the line to themselves.
    boolean mayCopy();

    /// Called about once a second.
    ///
    /// @param done bytes read, of `total`
    /// @throws ProviderException when the copy must stop
    void progress(long done, long total) throws ProviderException;
}
