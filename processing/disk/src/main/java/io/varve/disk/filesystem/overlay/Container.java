package io.varve.disk.filesystem.overlay;

import io.varve.disk.filesystem.Node;
import java.util.List;

/// A container found in a store.
///
/// @param store `docker` or `containerd`
/// @param name as its user or Kubernetes calls it, empty when it has none
/// @param image what it was started from, empty when that is not kept
/// @param layers folders that make up its tree, the writable one first
record Container(String store, String id, String name, String image, List<Node> layers) {
    Container {
        layers = List.copyOf(layers);
    }

    /// `docker web (nginx:1.27) 4f5c…`, in printable characters: names come from evidence.
    String label() {
        var label = new StringBuilder(store);
        if (!name.isEmpty()) {
            label.append(' ').append(name);
        }
        if (!image.isEmpty()) {
            label.append(" (").append(image).append(')');
        }
        label.append(' ').append(id);
        return label.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
