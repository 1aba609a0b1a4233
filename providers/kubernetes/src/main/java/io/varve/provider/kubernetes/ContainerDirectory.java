package io.varve.provider.kubernetes;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One container as the collector's host.
///
/// @param name of the container that is looked into
/// @param through the container commands run in: the same, or an ephemeral one beside it
/// @param folder where the collector may write there
record ContainerDirectory(Cluster cluster, Found pod, String name, String through, String folder)
        implements HostDirectory {
    @Override
    public RemoteHost find(Connection connection, String target) {
        return new RemoteHost(
                pod.uid() + ":" + name,
                pod.text() + ":" + name,
                Optional.of(Platform.LINUX),
                Optional.of(true),
                List.of(),
                Map.of("node", pod.node(), "through", through, "folder", folder));
    }

    /// A cluster has no such state of a pod.
    @Override
    public Containment containment(Connection connection, RemoteHost host) {
        return Containment.UNKNOWN;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context) {
        return new ExecChannel(new Exec(cluster, pod, through), context, cluster.settings(), folder);
    }
}
