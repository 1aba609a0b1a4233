package io.varve.engine;

import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `--key KIND:VALUE`: keys for encrypted evidence. A kind that nothing here opens is refused, never ignored.
final class KeyOption {
    /// Kinds whose value is the path of a file that holds the key.
    private static final Set<String> FILES = Set.of("keyfile", "startup");

    private static final int LARGEST_FILE = 8 << 20;

    @Option(
            names = "--key",
            paramLabel = "KIND:VALUE",
            description = "key for encrypted evidence, may be repeated: password:TEXT, recovery:DIGITS (BitLocker), "
                    + "keyfile:FILE (LUKS), startup:FILE.BEK (BitLocker), master:HEX")
    private List<String> keys = List.of();

    Keys keys(CommandSpec spec) {
        var all = new ArrayList<Keys.Key>();
        for (String key : keys) {
            int colon = key.indexOf(':');
            if (colon < 1) {
                throw NamedEvidence.usage(spec, "--key wants KIND:VALUE");
            }
            String kind = key.substring(0, colon);
            if (!Keys.KINDS.contains(kind)) {
                throw NamedEvidence.usage(
                        spec,
                        "--key: nothing that is read takes a key of kind '%s'; kinds are %s"
                                .formatted(
                                        kind,
                                        String.join(
                                                ", ",
                                                Keys.KINDS.stream().sorted().toList())));
            }
            String value = key.substring(colon + 1);
            all.add(new Keys.Key(kind, FILES.contains(kind) ? content(kind, value, spec) : value));
        }
        return new Keys(all);
    }

    private static String content(String kind, String file, CommandSpec spec) {
        try {
            Path path = Path.of(file);
            if (Files.size(path) > LARGEST_FILE) {
                throw NamedEvidence.usage(spec, "--key %s:%s is larger than a key".formatted(kind, file));
            }
            return Base64.getEncoder().encodeToString(Files.readAllBytes(path));
        } catch (IOException | InvalidPathException e) {
            throw NamedEvidence.usage(spec, "--key %s:%s cannot be read: %s".formatted(kind, file, e.getMessage()));
        }
    }
}
