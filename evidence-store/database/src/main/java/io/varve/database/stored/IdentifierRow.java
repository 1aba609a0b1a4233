package io.varve.database.stored;

import io.varve.acquisition.model.Asset;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "asset_identifier")
@SuppressWarnings("NullAway.Init")
class IdentifierRow {
    @Id
    UUID id;

    UUID asset;
    String organisation;

    @Enumerated(EnumType.STRING)
    Asset.Kind kind;

    String value;
    Instant firstSeen;
    Instant lastSeen;

    static IdentifierRow of(Asset asset, Asset.Identifier identifier) {
        IdentifierRow row = new IdentifierRow();
        row.id = UUID.randomUUID();
        row.asset = asset.id().value();
        row.organisation = asset.organisation().value();
        row.kind = identifier.kind();
        row.value = identifier.value();
        row.firstSeen = identifier.firstSeen();
        row.lastSeen = identifier.lastSeen();
        return row;
    }

    Asset.Identifier identifier() {
        return new Asset.Identifier(kind, value, firstSeen, lastSeen);
    }
}
