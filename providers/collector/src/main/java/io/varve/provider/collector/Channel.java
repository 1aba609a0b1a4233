package io.varve.provider.collector;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A vendor's way to one host, for one capture. What it needs of sessions, tokens and limits is its own affair: a
/// session that expired is opened again, a call that came too fast waits.
///
/// Every method may be repeated after a crash of the worker. `ProviderException` kinds: `OFFLINE` with a time to try
/// again when the host does not answer, `FORBIDDEN` with the missing right and how to grant it, `THROTTLED` with the
/// vendor's time to wait, `REFUSED` when trying again cannot help.
public interface Channel extends AutoCloseable {
    /// Makes the collector ready to be run on the host. What is there with the same digest already
    /// is left.
    ///
    /// @return where it lies on the host or in the vendor's library, for custody
    /// @throws ProviderException FORBIDDEN when scripts may not be run: [PlainFiles] is tried
    /// instead
    String deliver(CollectorScript script) throws ProviderException, InterruptedException;

    /// Runs the collector with these arguments (letters, digits and `-_./\:` only) and waits for
    /// it: every verb returns within a minute.
    ///
    /// @return its standard output, at most [Collector#LONGEST_OUTPUT] characters of it
    String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException;

    /// Brings files of the host here, whole, each handed on as soon as it is there. The bytes are
    /// as they were on the host: the vendor's wrapping is taken off. Nothing of them stays in the
    /// vendor's cloud where it can be removed.
    void fetch(List<RemoteFile> files, Arrival arrival) throws ProviderException, InterruptedException, IOException;

    /// Removes what [#deliver] and [#fetch] left on the host and in the vendor's cloud, except a
    /// library file that other captures use.
    ///
    /// @return what was removed and what stays, a line each, for custody
    List<String> remove(CollectorScript script) throws ProviderException, InterruptedException;

    /// What the vendor's limits and its channel ask of the collection.
    Terms terms() throws ProviderException;

    /// Ends sessions; never throws.
    @Override
    void close();

    /// A file on the host.
    ///
    /// @param size in bytes, as the host states it; 0 when it is not known
    record RemoteFile(String path, long size) {}

    /// Takes a fetched file. `local` lies in the capture's scratch folder and is removed
    /// afterwards.
    @FunctionalInterface
    interface Arrival {
        void arrived(RemoteFile file, Path local) throws ProviderException, InterruptedException, IOException;
    }

    /// @param workFolder folder on the host in which the collector makes its own, e.g.
    /// `/var/tmp`
    /// @param partSize largest part in bytes, below the channel's limit for one file
    /// @param partsPerFetch how many parts are best fetched at once
    /// @param pollEvery how long to wait between two looks at the collector
    record Terms(String workFolder, long partSize, int partsPerFetch, Duration pollEvery) {}
}
