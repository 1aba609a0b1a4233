package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/// An instance, disk, snapshot or image as Compute Engine tells of it.
///
/// @param content what is on it, a raw image; absent for instances
record Resource(ObjectNode node, Optional<Path> content) {
    String name() {
        return node.path("name").asText();
    }

    /// `labels.KEY=VALUE`, `labels.KEY:*`, `id=NUMBER`, `name=NAME`, or nothing.
    boolean fits(String filter) {
        if (filter.isEmpty()) {
            return true;
        }
        int split = filter.indexOf(filter.endsWith(":*") ? ':' : '=');
        String field = filter.substring(0, split);
        String wanted = filter.substring(split + 1);
        String value = field.startsWith("labels.")
                ? node.path("labels").path(field.substring(7)).asText()
                : node.path(field).asText();
        return wanted.equals("*") ? !value.isEmpty() : value.equals(wanted);
    }
}
