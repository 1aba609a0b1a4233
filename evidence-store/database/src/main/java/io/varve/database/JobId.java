package io.varve.database;

import java.util.UUID;

/// Identity of one job.
public record JobId(UUID value) {
    public static JobId mint() {
        return new JobId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static JobId of(String text) {
        return new JobId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
