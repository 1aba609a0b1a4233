package io.varve.provider.sentinelone;

import io.varve.provider.Connection;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// Which lists of alerts are fetched: the setting `feeds`, by default `threats,star`.
///
/// @param star alerts of custom (STAR) rules
/// @param unified the Unified Alerts of newer consoles, which hold the other two again
record Feeds(boolean threats, boolean star, boolean unified) {
    static Feeds of(Connection connection) {
        Set<String> names = Arrays.stream(
                        connection.setting("feeds").orElse("threats,star").split(","))
                .map(String::strip)
                .collect(Collectors.toSet());
        return new Feeds(
                names.contains("threats"), names.contains("star"), names.contains("unified") || names.contains("uam"));
    }
}
