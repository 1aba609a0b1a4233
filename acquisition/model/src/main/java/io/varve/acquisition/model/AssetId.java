package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one asset.
public record AssetId(UUID value) {
    public static AssetId mint() {
        return new AssetId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static AssetId of(String text) {
        return new AssetId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
