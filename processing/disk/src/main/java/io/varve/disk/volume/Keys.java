package io.varve.disk.volume;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Keys that a person gave for encrypted evidence. Never logged, never part of an error.
public final class Keys {
    /// Kinds that some layer takes: a password or passphrase, a BitLocker recovery password (eight groups of six
    /// digits), the bytes of a key file or `.BEK` startup key in base64, a volume's master key in hexadecimal.
    public static final Set<String> KINDS = Set.of("password", "recovery", "keyfile", "startup", "master");

    public static final Keys NONE = new Keys(List.of());

    private final List<Key> all;

    public Keys(List<Key> all) {
        this.all = List.copyOf(all);
    }

    /// The values of one kind, in the order they were given.
    public Stream<String> of(String kind) {
        return all.stream().filter(key -> key.kind().equals(kind)).map(Key::value);
    }

    public record Key(String kind, String value) {
        @Override
        public String toString() {
            return kind;
        }
    }
}
