package io.varve.database.stored;

import io.varve.acquisition.model.IntegrationStatus;
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
@Table(name = "integration_status")
@SuppressWarnings("NullAway.Init")
class IntegrationStatusRow {
    @Id
    UUID integration;

    String organisation;

    @Nullable
    Instant contactAt;

    @Nullable
    String problem;

    @Nullable
    Instant problemAt;

    @Nullable
    String cursor;

    long alerts;

    @Nullable
    Instant alertAt;

    @Nullable
    Instant checkedAt;

    @Nullable
    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String checks;

    IntegrationStatus status() {
        return new IntegrationStatus(
                Optional.ofNullable(contactAt),
                Optional.ofNullable(problem),
                Optional.ofNullable(problemAt),
                Optional.ofNullable(cursor),
                alerts,
                Optional.ofNullable(alertAt),
                Optional.ofNullable(checkedAt),
                Optional.ofNullable(checks));
    }
}
