package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one alert.
public record AlertId(UUID value) {
    public static AlertId mint() {
        return new AlertId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static AlertId of(String text) {
        return new AlertId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
