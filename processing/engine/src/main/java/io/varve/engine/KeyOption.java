package io.varve.engine;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `--key KIND:VALUE`: keys for encrypted evidence. A kind that nothing here opens is refused, never ignored.
final class KeyOption {
    @Option(names = "--key", paramLabel = "KIND:VALUE", description = "key for encrypted evidence; may be repeated")
    private List<String> keys = List.of();

    void check(CommandSpec spec) {
        for (String key : keys) {
            int colon = key.indexOf(':');
            if (colon < 1) {
                throw NamedEvidence.usage(spec, "--key wants KIND:VALUE");
            }
            throw NamedEvidence.usage(
                    spec, "--key: nothing that is read takes a key of kind '%s'".formatted(key.substring(0, colon)));
        }
    }
}
