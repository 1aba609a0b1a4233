package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The enrolled agents.
public interface Agents {
    /// Inserts or replaces.
    void save(Agent agent);

    Optional<Agent> find(String id);

    Optional<Agent> ofAsset(AssetId asset);

    /// Newest first.
    List<Agent> all(Organisation organisation, int limit);

    /// Notes that the agent called. A cheap update.
    void seen(String id, Instant at);
}
