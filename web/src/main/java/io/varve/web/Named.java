package io.varve.web;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;

/// Something by its id and the name people know.
public record Named(String id, String name) {
    public static Named of(Asset asset) {
        return new Named(asset.id().toString(), asset.name());
    }

    /// The asset that this id means today.
    public static Named asset(AssetId id, Assets assets) {
        return assets.find(id).map(Named::of).orElseGet(() -> new Named(id.toString(), id.toString()));
    }
}
