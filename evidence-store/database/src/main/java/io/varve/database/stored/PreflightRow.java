package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Preflights.Asked;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "preflight")
@SuppressWarnings("NullAway.Init")
class PreflightRow {
    @Id
    UUID id;

    String organisation;
    UUID asset;
    String provider;
    String profile;
    String requestedBy;
    Instant requestedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String problem;

    @Nullable
    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String result;

    static PreflightRow of(Asked asked) {
        PreflightRow row = new PreflightRow();
        row.id = asked.id();
        row.organisation = asked.organisation().value();
        row.asset = asked.asset().value();
        row.provider = asked.provider();
        row.profile = asked.profile();
        row.requestedBy = asked.requestedBy();
        row.requestedAt = asked.requestedAt();
        row.endedAt = asked.endedAt().orElse(null);
        row.problem = asked.problem().orElse(null);
        row.result = asked.result().orElse(null);
        return row;
    }

    Asked asked() {
        return new Asked(
                id,
                new Organisation(organisation),
                new AssetId(asset),
                provider,
                profile,
                requestedBy,
                requestedAt,
                Optional.ofNullable(endedAt),
                Optional.ofNullable(problem),
                Optional.ofNullable(result));
    }
}
