package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.ApiKey;
import io.varve.evidence.Digest;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "api_key")
@SuppressWarnings("NullAway.Init")
class ApiKeyRow {
    @Id
    UUID id;

    String organisation;
    String name;

    @Column(name = "key")
    String digest;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String scopes;

    String createdBy;
    Instant createdAt;

    @Nullable
    Instant lastUsed;

    static ApiKeyRow of(ApiKey key) {
        ApiKeyRow row = new ApiKeyRow();
        row.id = key.id();
        row.organisation = key.organisation().value();
        row.name = key.name();
        row.digest = key.key().hex();
        row.scopes = Json.write(List.copyOf(new TreeSet<>(key.scopes())));
        row.createdBy = key.createdBy();
        row.createdAt = key.createdAt();
        row.lastUsed = key.lastUsed().orElse(null);
        return row;
    }

    ApiKey key() {
        return new ApiKey(
                id,
                new Organisation(organisation),
                name,
                new Digest(digest),
                new TreeSet<>(Json.texts(scopes)),
                createdBy,
                createdAt,
                Optional.ofNullable(lastUsed));
    }
}
