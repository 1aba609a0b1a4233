package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;

/// `field.asc`, `field.desc` or `field|desc`; as stored when empty.
final class Sorting {
    private Sorting() {}

    static Comparator<ObjectNode> of(String sort) {
        if (sort.isEmpty()) {
            return (a, b) -> 0;
        }
        String[] words = sort.split("[.|]");
        Comparator<ObjectNode> order =
                Comparator.comparing(record -> record.path(words[0]).asText());
        return words.length > 1 && words[1].equals("desc") ? order.reversed() : order;
    }
}
