package io.varve.provider.collector;

import io.varve.provider.ProviderException;
import java.util.List;
import java.util.Map;

/// A channel that can still list and fetch files when scripts may not be run. A [Channel] implements it where the
/// vendor
/// allows that with lesser rights.
public interface PlainFiles {
    /// Entries of one folder of the host, not its subfolders.
    ///
    /// @throws ProviderException NOT_FOUND when there is no such folder, FORBIDDEN when listing
    /// needs a right that is missing: then only paths without wildcards are fetched, and the
    /// coverage says so
    List<Entry> list(String folder) throws ProviderException, InterruptedException;

    /// Output of the vendor's own read-only commands, e.g. `ps`, `netstat`, by name; empty where it
    /// has none.
    Map<String, String> liveState() throws ProviderException, InterruptedException;

    /// @param size 0 when it is not known
    record Entry(String name, boolean folder, long size) {}
}
