package io.varve.provider.collector;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;

/// A vendor's list of hosts, and the way to one of them. It has no method that contains or releases, and its
/// implementations make no call that does.
public interface HostDirectory {
    /// Finds the host by the vendor's id, the newest when several answer.
    ///
    /// @throws ProviderException NOT_FOUND when the vendor does not know it
    RemoteHost find(Connection connection, String target) throws ProviderException, InterruptedException;

    /// The host's containment as the vendor states it now.
    Containment containment(Connection connection, RemoteHost host) throws ProviderException, InterruptedException;

    /// The way to a host for one capture. `context` keeps steps of the channel's own, named with a
    /// leading `channel.`, so that what was queued for an offline host is found again.
    Channel open(Connection connection, RemoteHost host, CaptureContext context)
            throws ProviderException, InterruptedException;
}
