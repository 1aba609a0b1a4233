package io.varve.timeline;

import java.util.Set;

/// One value of a facet and how many matching events carry it.
public record FacetValue(String value, long count) {
    /// Fields that can be counted. Fixed, because each costs space in every index.
    public static final Set<String> FIELDS = Set.of(
            "host",
            "user",
            "data_type",
            "parser",
            "timestamp_desc",
            "event.action",
            "event.outcome",
            "event.code",
            "process.name",
            "process.executable",
            "file.path",
            "source.ip",
            "destination.ip",
            "service.name",
            "package.name",
            "user.name");
}
