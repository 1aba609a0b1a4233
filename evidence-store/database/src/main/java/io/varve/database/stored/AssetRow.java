package io.varve.database.stored;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "asset")
@SuppressWarnings("NullAway.Init")
class AssetRow {
    @Id
    UUID id;

    String organisation;
    String name;
    Instant createdAt;

    @Nullable
    UUID mergedInto;

    static AssetRow of(Asset asset) {
        AssetRow row = new AssetRow();
        row.id = asset.id().value();
        row.organisation = asset.organisation().value();
        row.name = asset.name();
        row.createdAt = asset.createdAt();
        row.mergedInto = asset.mergedInto().map(AssetId::value).orElse(null);
        return row;
    }

    Asset asset(List<Asset.Identifier> identifiers) {
        return new Asset(
                new AssetId(id),
                new Organisation(organisation),
                name,
                createdAt,
                Optional.ofNullable(mergedInto).map(AssetId::new),
                identifiers);
    }
}
