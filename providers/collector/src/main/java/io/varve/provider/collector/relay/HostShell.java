package io.varve.provider.collector.relay;

import io.varve.provider.ProviderException;

/// A vendor's way to run a script on a host, as the system's own user. Running one again does no harm.
@FunctionalInterface
public interface HostShell {
    /// Runs a script of `sh`, or of PowerShell on Windows, and waits for it.
    ///
    /// @param script whose addresses are kept apart from its text where the vendor has a way to do so
    /// @throws ProviderException also when the vendor ended it; not when the script's exit code says that it failed
    Ran run(HostScript script) throws ProviderException, InterruptedException;

    /// @param out the beginning or the end of what it wrote, as much as the vendor hands out: 4 KiB or more
    /// @param err the same of its errors
    /// @param id what the vendor's own log calls this run; empty when it has no name
    record Ran(String out, String err, String id) {}
}
