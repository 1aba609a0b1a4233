package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one incident.
public record IncidentId(UUID value) {
    public static IncidentId mint() {
        return new IncidentId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static IncidentId of(String text) {
        return new IncidentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
