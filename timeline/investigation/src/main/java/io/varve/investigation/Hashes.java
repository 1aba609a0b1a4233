package io.varve.investigation;

import io.varve.timeline.Match;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;

/// File hashes as alerts state them.
final class Hashes {
    private static final Map<String, Integer> DIGITS = Map.of("md5", 32, "sha1", 40, "sha256", 64);

    private Hashes() {}

    /// Those that really are hashes, by algorithm in lower case.
    static Map<String, String> known(Map<String, String> hashes) {
        return hashes.entrySet().stream()
                .map(hash -> Map.entry(
                        hash.getKey().toLowerCase(Locale.ROOT).replace("-", ""),
                        hash.getValue().strip().toLowerCase(Locale.ROOT)))
                .filter(hash -> DIGITS.containsKey(hash.getKey())
                        && hash.getValue().matches("[0-9a-f]{%d}".formatted(DIGITS.get(hash.getKey()))))
                .collect(Collectors.toMap(Entry::getKey, Entry::getValue, (first, second) -> first));
    }

    static List<Match> match(String prefix, Map<String, String> hashes) {
        return hashes.entrySet().stream()
                .map(hash -> Match.is(prefix + hash.getKey(), hash.getValue()))
                .toList();
    }
}
