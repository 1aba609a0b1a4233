package io.varve.disk.volume.lvm;

import io.varve.binary.CorruptException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A section of the metadata text: values and further sections by name.
///
/// Values are [Long], [String], [List] of these, or [Section].
record Section(String name, Map<String, Object> values) {
    Section(String name) {
        this(name, new LinkedHashMap<>());
    }

    OptionalLong number(String key) {
        return values.get(key) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    long required(String key) {
        return number(key).orElseThrow(() -> missing(key));
    }

    Optional<String> text(String key) {
        return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    String requiredText(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    List<?> list(String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    Optional<Section> section(String key) {
        return values.get(key) instanceof Section section ? Optional.of(section) : Optional.empty();
    }

    List<Section> sections() {
        return values.values().stream()
                .filter(Section.class::isInstance)
                .map(Section.class::cast)
                .toList();
    }

    private CorruptException missing(String key) {
        return new CorruptException("LVM2 metadata: %s has no %s".formatted(name, key));
    }
}
