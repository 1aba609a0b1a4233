package io.varve.disk.filesystem.overlay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The store of Docker with its `overlay2` driver.
///
/// `containers/ID/config.v2.json` names a container, `image/overlay2/layerdb/mounts/ID/mount-id` its writable layer,
/// and
/// `overlay2/LAYER/lower` the layers below it as links in `overlay2/l`. Source: `daemon/graphdriver/overlay2` and
/// `layer`
/// of <https://github.com/moby/moby>.
final class DockerStore {
    private static final int LARGEST = 16 << 20;
    private static final int MOST_LAYERS = 512;
    private static final JsonFactory JSON = new JsonFactory();

    private final HostTree tree;
    private final String root;
    private final Problems problems;

    DockerStore(HostTree tree, String root, Problems problems) {
        this.tree = tree;
        this.root = root;
        this.problems = problems;
    }

    void addTo(List<Container> containers) throws IOException {
        if (tree.find(path("overlay2")).isEmpty()) {
            return;
        }
        Map<String, Node> mounts = tree.children(path("image/overlay2/layerdb/mounts"));
        for (String id : mounts.keySet()) {
            ContainerStores.damageCostsTheStore(
                    problems, path("containers/" + id), () -> containers.add(container(id)));
        }
    }

    private Container container(String id) throws IOException {
        String mount = tree.text(path("image/overlay2/layerdb/mounts/" + id + "/mount-id"), LARGEST)
                .map(String::strip)
                .orElseThrow(() -> new CorruptException("container %s has no mount-id".formatted(id)));
        String[] named = {"", ""};
        ContainerStores.damageCostsTheStore(problems, path("containers/" + id), () -> {
            Optional<String> configuration = tree.text(path("containers/" + id + "/config.v2.json"), LARGEST);
            if (configuration.isPresent()) {
                readNames(configuration.get(), named);
            }
        });
        return new Container("docker", id, named[0], named[1], layers(HostTree.segment(mount)));
    }

    private List<Node> layers(String mount) throws IOException {
        String layer = path("overlay2/" + mount);
        List<Node> layers = new ArrayList<>();
        layers.add(tree.find(layer + "/diff")
                .orElseThrow(() -> new CorruptException("the writable layer %s is missing".formatted(layer))));
        String lower = tree.text(layer + "/lower", LARGEST).map(String::strip).orElse("");
        for (String link : lower.split(":")) {
            if (link.isEmpty()) {
                continue;
            }
            Optional<Node> found = tree.find(path("overlay2/" + link));
            if (found.isEmpty() || layers.size() >= MOST_LAYERS) {
                problems.lost(OptionalLong.empty(), "/%s: the layer %s below it is missing".formatted(layer, link));
                continue;
            }
            layers.add(found.get());
        }
        return layers;
    }

    /// The container's name without the slash that Docker writes before it, and the image as it was asked for.
    private static void readNames(String configuration, String[] named) throws IOException {
        try (JsonParser json = JSON.createParser(configuration)) {
            int depth = 0;
            boolean inConfig = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> {
                        depth++;
                        inConfig = depth == 2 ? "Config".equals(json.currentName()) || inConfig : inConfig;
                    }
                    case END_OBJECT, END_ARRAY -> {
                        depth--;
                        inConfig = inConfig && depth >= 2;
                    }
                    case VALUE_STRING -> {
                        if (depth == 1 && "Name".equals(json.currentName())) {
                            String name = json.getText();
                            named[0] = name.startsWith("/") ? name.substring(1) : name;
                        } else if (depth == 2 && inConfig && "Image".equals(json.currentName())) {
                            named[1] = json.getText();
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    private String path(String below) {
        return root.isEmpty() ? below : root + "/" + below;
    }
}
