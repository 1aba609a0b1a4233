package io.varve.engine;

import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Set;

/// `--key KIND:VALUE`: keys for encrypted evidence. A kind that nothing here opens is refused, never ignored.
final class KeyOption {
    /// Kinds whose value is the path of a file that holds the key.
    private static final Set<String> FILES = Set.of("keyfile", "startup");

    private static final int LARGEST_FILE = 8 << 20;

    private static final String NAME = "--key";

    static final Syntax.Option OPTION = Syntax.Option.several(
            NAME,
            "KIND:VALUE",
            "key for encrypted evidence, may be repeated: password:TEXT, recovery:DIGITS (BitLocker), "
                    + "keyfile:FILE (LUKS), startup:FILE.BEK (BitLocker), master:HEX");

    private KeyOption() {}

    static Keys keys(Arguments arguments) {
        var all = new ArrayList<Keys.Key>();
        for (String key : arguments.all(NAME)) {
            int colon = key.indexOf(':');
            if (colon < 1) {
                throw new UsageException("--key wants KIND:VALUE");
            }
            String kind = key.substring(0, colon);
            if (!Keys.KINDS.contains(kind)) {
                throw new UsageException("--key: nothing that is read takes a key of kind '%s'; kinds are %s"
                        .formatted(
                                kind,
                                String.join(", ", Keys.KINDS.stream().sorted().toList())));
            }
            String value = key.substring(colon + 1);
            all.add(new Keys.Key(kind, FILES.contains(kind) ? content(kind, value) : value));
        }
        return new Keys(all);
    }

    private static String content(String kind, String file) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > LARGEST_FILE) {
                throw new UsageException("--key %s:%s is larger than a key".formatted(kind, file));
            }
            return Base64.getEncoder().encodeToString(Files.readAllBytes(path));
        } catch (IOException | InvalidPathException e) {
            throw new UsageException("--key %s:%s cannot be read: %s".formatted(kind, file, e.getMessage()));
        }
    }
}
