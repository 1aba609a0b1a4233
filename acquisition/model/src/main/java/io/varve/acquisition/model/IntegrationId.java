package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one integration.
public record IntegrationId(UUID value) {
    public static IntegrationId mint() {
        return new IntegrationId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static IntegrationId of(String text) {
        return new IntegrationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
