package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Looks at hosts before a capture: asked for by the server, answered by a worker.
public interface Preflights {
    void insert(Asked asked);

    Optional<Asked> find(UUID id);

    /// @param problem why there is no result
    void answered(UUID id, Optional<String> result, Optional<String> problem, Instant at);

    /// @param result as JSON
    record Asked(
            UUID id,
            Organisation organisation,
            AssetId asset,
            String provider,
            String profile,
            String requestedBy,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            Optional<String> result) {}
}
