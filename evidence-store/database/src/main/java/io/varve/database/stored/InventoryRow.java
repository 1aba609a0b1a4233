package io.varve.database.stored;

import io.varve.database.Inventories.Gap;
import io.varve.database.Inventories.Listing;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "inventory")
@SuppressWarnings("NullAway.Init")
class InventoryRow {
    @Id
    UUID integration;

    String organisation;
    String requestedBy;
    Instant requestedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String problem;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String gaps;

    Listing listing() {
        return new Listing(
                requestedBy,
                requestedAt,
                Optional.ofNullable(endedAt),
                Optional.ofNullable(problem),
                List.of(Json.read(gaps, Gap[].class)));
    }
}
