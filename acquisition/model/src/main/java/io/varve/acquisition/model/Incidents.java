package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kept incidents.
public interface Incidents {
    Optional<Incident> find(IncidentId id);

    /// The open incident of this asset whose span, widened on both sides to `from` and `to`, holds the alert.
    Optional<Incident> openOn(AssetId asset, Instant from, Instant to);

    /// Newest activity first.
    List<Incident> newest(Organisation organisation, int limit);

    void save(Incident incident);
}
