package io.varve.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which object store, and how to get at it: a kind and what that kind asks for.
public record StoreSettings(String kind, Map<String, String> values) {
    public StoreSettings {
        values = values.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> spelled(entry.getKey()), Map.Entry::getValue, (one, other) -> other));
    }

    /// What a configuration says.
    ///
    /// @param directory where a directory is unless a `path` is set
    public static StoreSettings of(String kind, Map<String, String> values, Path directory) {
        var settings = new StoreSettings(kind, values);
        if (!kind.equals(ObjectStores.DIRECTORY) || settings.text("path").isPresent()) {
            return settings;
        }
        return new StoreSettings(kind, Map.of("path", directory.toString()));
    }

    /// Environment variables have no `-`: `ACCESS_KEY` and what is made of it, `access.key`, are `access-key`.
    private static String spelled(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
    }

    /// Where it is, for people and for custody: never the keys.
    public String label() {
        return Stream.of(
                        Optional.of(kind),
                        text("endpoint"),
                        text("bucket"),
                        text("container"),
                        text("prefix"),
                        text("path"))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
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
