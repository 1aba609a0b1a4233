package io.varve.disk.filesystem.overlay;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The store of containerd with its `overlayfs` snapshotter, which Kubernetes nodes have.
///
/// `meta.db` holds the containers by namespace, each with the key of its snapshot; the snapshotter's `metadata.db`
/// holds
/// each snapshot's number and parent, and `snapshots/NUMBER/fs` its files. Source: `core/metadata/buckets.go` and
/// `core/snapshots/storage/bolt.go` of <https://github.com/containerd/containerd>.
final class ContainerdStore {
    private static final String SNAPSHOTTER = "io.containerd.snapshotter.v1.overlayfs";
    private static final int MOST_LAYERS = 512;
    /// Labels that name a container, the first that is there counts.
    private static final List<String> NAMES = List.of("nerdctl/name", "io.kubernetes.container.name");

    private final HostTree tree;
    private final String root;
    private final Problems problems;

    ContainerdStore(HostTree tree, String root, Problems problems) {
        this.tree = tree;
        this.root = root;
        this.problems = problems;
    }

    void addTo(List<Container> containers) throws IOException {
        Optional<Bytes> metadata = tree.open(path("io.containerd.metadata.v1.bolt/meta.db"));
        if (metadata.isEmpty()) {
            return;
        }
        try (Bytes meta = metadata.get();
                Bytes snapshots = tree.open(path(SNAPSHOTTER + "/metadata.db"))
                        .orElseThrow(() -> new CorruptException("%s/metadata.db is missing".formatted(SNAPSHOTTER)))) {
            Bolt database = Bolt.open(meta);
            Map<String, Bolt.Bucket> known = Bolt.open(snapshots)
                    .bucket("v1", "snapshots")
                    .orElseThrow(() -> new CorruptException("the snapshotter has no snapshots"))
                    .buckets();
            Optional<Bolt.Bucket> namespaces = database.bucket("v1");
            if (namespaces.isEmpty()) {
                return;
            }
            for (String namespace : namespaces.get().buckets().keySet()) {
                ContainerStores.damageCostsTheStore(
                        problems, path(namespace), () -> namespace(database, namespace, known, containers));
            }
        }
    }

    private void namespace(Bolt database, String namespace, Map<String, Bolt.Bucket> known, List<Container> containers)
            throws IOException {
        Optional<Bolt.Bucket> all = database.bucket("v1", namespace, "containers");
        Optional<Bolt.Bucket> snapshots = database.bucket("v1", namespace, "snapshots", "overlayfs");
        Map<String, Bolt.Bucket> keys = snapshots.isPresent() ? snapshots.get().buckets() : Map.of();
        if (all.isEmpty()) {
            return;
        }
        for (Map.Entry<String, Bolt.Bucket> entry : all.get().buckets().entrySet()) {
            Bolt.Bucket container = entry.getValue();
            if (!container.text("snapshotter").orElse("").equals("overlayfs")) {
                continue;
            }
            ContainerStores.damageCostsTheStore(problems, path(namespace + "/" + entry.getKey()), () -> {
                String key = container.text("snapshotKey").orElse("");
                Bolt.Bucket snapshot = keys.get(key);
                String name = snapshot == null ? key : snapshot.text("name").orElse(key);
                containers.add(new Container(
                        "containerd",
                        entry.getKey(),
                        name(container),
                        container.text("image").orElse(""),
                        layers(name, known)));
            });
        }
    }

    /// The folders of a snapshot and of those it is based on.
    private List<Node> layers(String first, Map<String, Bolt.Bucket> known) throws IOException {
        List<Node> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name = first; !name.isEmpty() && layers.size() < MOST_LAYERS; ) {
            Bolt.Bucket snapshot = known.get(name);
            if (snapshot == null || !seen.add(name)) {
                throw new CorruptException("snapshot %s is missing or its own parent".formatted(name));
            }
            String folder = path("%s/snapshots/%d/fs".formatted(SNAPSHOTTER, number(snapshot)));
            layers.add(tree.find(folder)
                    .orElseThrow(
                            () -> new CorruptException("the files of a snapshot, /%s, are missing".formatted(folder))));
            name = snapshot.text("parent").orElse("");
        }
        return layers;
    }

    private static String name(Bolt.Bucket container) throws IOException {
        Bolt.Bucket labels = container.buckets().get("labels");
        if (labels == null) {
            return "";
        }
        for (String key : NAMES) {
            Optional<String> name = labels.text(key);
            if (name.isPresent()) {
                return labels.text("io.kubernetes.pod.name")
                                .map(pod -> pod + "/")
                                .orElse("")
                        + name.get();
            }
        }
        return "";
    }

    /// Stored as an unsigned number of 7 bits a byte, the low ones first.
    private static long number(Bolt.Bucket snapshot) throws IOException {
        byte[] stored = snapshot.values().getOrDefault("id", new byte[0]);
        long number = 0;
        for (int i = 0; i < stored.length && i < 9; i++) {
            number |= (stored[i] & 0x7fL) << 7 * i;
            if (stored[i] >= 0) {
                return number;
            }
        }
        throw new CorruptException("a snapshot has no number");
    }

    private String path(String below) {
        return root.isEmpty() ? below : root + "/" + below;
    }
}
