package io.varve.evidence;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// Which object store, and how to get at it: a kind and what that kind asks for.
public record StoreSettings(String kind, Map<String, String> values) {
    public StoreSettings {
        values = Map.copyOf(values);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    public String required(String name) throws IOException {
        return text(name)
                .orElseThrow(() ->
                        new IOException("the object store of kind %s needs the setting %s".formatted(kind, name)));
    }

    /// Never the values: keys are among them.
    @Override
    public String toString() {
        return kind + " with " + values.keySet().stream().sorted().toList();
    }
}
