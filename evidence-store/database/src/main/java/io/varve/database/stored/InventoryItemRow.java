package io.varve.database.stored;

import io.varve.acquisition.model.IntegrationId;
import io.varve.database.Inventories.Item;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "inventory_item")
@IdClass(InventoryItemRow.Key.class)
@SuppressWarnings("NullAway.Init")
class InventoryItemRow {
    @Id
    UUID integration;

    @Id
    @Convert(disableConversion = true)
    String id;

    String organisation;
    String name;

    @Nullable
    String hostName;

    String kind;
    String place;

    @Nullable
    String platform;

    String state;

    @Nullable
    Instant startedAt;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String tags;

    @Nullable
    String ephemeral;

    String searched;
    Instant firstSeen;
    Instant lastSeen;

    @Nullable
    Instant goneAt;

    record Key(UUID integration, String id) {}

    Item item() {
        return new Item(
                new IntegrationId(integration),
                id,
                name,
                Optional.ofNullable(hostName),
                kind,
                place,
                Optional.ofNullable(platform),
                state,
                Optional.ofNullable(startedAt),
                Json.textByName(tags),
                Optional.ofNullable(ephemeral),
                firstSeen,
                lastSeen,
                Optional.ofNullable(goneAt));
    }
}
