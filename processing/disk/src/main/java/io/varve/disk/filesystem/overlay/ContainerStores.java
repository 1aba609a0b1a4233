package io.varve.disk.filesystem.overlay;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Looks for the container stores of Docker and containerd in a file system.
public final class ContainerStores {
    /// Where a store lies: in a root file system, in a volume mounted at `/var` or `/var/lib`, or in one of its own.
    private static final List<String> DOCKER =
            List.of("var/lib/docker", "lib/docker", "docker", "", "var/snap/docker/common/var-lib-docker");

    private static final List<String> CONTAINERD = List.of(
            "var/lib/containerd",
            "lib/containerd",
            "containerd",
            "",
            "var/lib/rancher/k3s/agent/containerd",
            "var/lib/docker/containerd/daemon");

    private ContainerStores() {}

    /// The merged tree of each container; each is a view of `host`, which stays open as long as they are used.
    public static List<FileSystem> find(FileSystem host, Problems problems) throws IOException {
        List<FileSystem> views = new ArrayList<>();
        HostTree tree;
        try {
            tree = new HostTree(host, problems);
        } catch (CorruptException e) {
            return views;
        }
        List<Container> containers = new ArrayList<>();
        for (String root : DOCKER) {
            damageCostsTheStore(problems, root, () -> new DockerStore(tree, root, problems).addTo(containers));
        }
        for (String root : CONTAINERD) {
            damageCostsTheStore(problems, root, () -> new ContainerdStore(tree, root, problems).addTo(containers));
        }
        containers.forEach(container -> views.add(new OverlayView(host, container)));
        return views;
    }

    /// Reads something of a store.
    @FunctionalInterface
    interface Reading {
        void read() throws IOException;
    }

    /// Damage in a part of a store costs that part.
    static void damageCostsTheStore(Problems problems, String what, Reading reading) {
        try {
            reading.read();
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), "containers in /%s: %s".formatted(what, e.getMessage()));
        }
    }
}
