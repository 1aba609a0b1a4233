package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kept integrations.
public interface Integrations {
    Optional<Integration> find(IntegrationId id);

    /// By name.
    List<Integration> all(Organisation organisation);

    /// Those that are enabled for this use, of all organisations, oldest first.
    List<Integration> enabled(Integration.Use use);

    void save(Integration integration);

    boolean delete(IntegrationId id);

    IntegrationStatus status(IntegrationId id);

    /// The vendor answered, or failed to for a reason.
    void contact(IntegrationId id, Instant at, Optional<String> problem);

    /// A page of its feed is stored: `alerts` came, and the feed goes on at the cursor.
    void polled(IntegrationId id, String cursor, long alerts, Instant at);

    /// Alerts were sent to us by it.
    void received(IntegrationId id, long alerts, Instant at);

    /// @param checks as JSON
    void checked(IntegrationId id, String checks, Instant at);
}
