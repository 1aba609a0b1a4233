package io.varve.provider.collector;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
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

    /// Files of the vendor's own collection on the host, e.g. Defender's investigation package,
    /// by the name they have below `varve/collected/`; empty where the vendor collects none or the
    /// right to it is missing.
    ///
    /// @param folder where they are brought to
    default Map<String, Path> collected(Path folder) throws ProviderException, InterruptedException, IOException {
        return Map.of();
    }

    /// @param size 0 when it is not known
    record Entry(String name, boolean folder, long size) {}
}
