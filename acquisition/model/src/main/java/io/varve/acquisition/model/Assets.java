package io.varve.acquisition.model;

import java.util.List;
import java.util.Optional;

/// The known assets. Finding and saving happen inside one transaction of the caller.
public interface Assets {
    /// Follows merges: answers the asset that this id means today.
    Optional<Asset> find(AssetId id);

    /// Assets that carry this identifier, merged ones left out.
    List<Asset> having(Organisation organisation, Asset.Kind kind, String value);

    List<Asset> all(Organisation organisation, int limit);

    /// Inserts or replaces the asset with its identifiers.
    void save(Asset asset);
}
