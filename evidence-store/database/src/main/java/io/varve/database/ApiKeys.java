package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The API keys.
public interface ApiKeys {
    void insert(ApiKey key);

    /// The key with this digest; notes its use, at most once a minute.
    Optional<ApiKey> use(Digest key, Instant at);

    /// Newest first.
    List<ApiKey> all(Organisation organisation);

    boolean delete(Organisation organisation, UUID id);
}
