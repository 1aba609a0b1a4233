package io.varve.provider.collector.relay;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A place in object storage that a host and the worker both reach, for one capture. The host has no other right there
/// than what an address gives it: to read or to write one object, for minutes.
///
/// Names are of letters, digits, `.`, `-`; how they become names of objects is the relay's affair.
public interface Relay {
    /// Where it is, for custody; no secret is in it.
    String text();

    /// An address that the host reads the object from.
    URI source(String name) throws ProviderException;

    /// An address that the host writes the object to, with one `PUT` that has [#headers].
    URI target(String name) throws ProviderException;

    /// Headers of that `PUT`, by name.
    Map<String, String> headers();

    void put(String name, byte[] content) throws ProviderException, InterruptedException;

    /// Brings an object here.
    ///
    /// @param most bytes; what is behind them is left
    /// @throws ProviderException NOT_FOUND when the host never wrote it
    void fetch(String name, Path local, long most) throws ProviderException, InterruptedException, IOException;

    /// Removes an object; one that is not there is removed.
    void remove(String name) throws ProviderException, InterruptedException;

    /// Removes whatever of the capture is left there.
    ///
    /// @return names of what was removed
    List<String> clear() throws ProviderException, InterruptedException;
}
