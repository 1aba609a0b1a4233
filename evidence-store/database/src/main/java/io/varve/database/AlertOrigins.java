package io.varve.database;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which integration an alert came from.
public interface AlertOrigins {
    void save(Origin origin);

    Optional<Origin> of(AlertId alert);

    /// Removes what the sender proved itself with: it has served.
    void forget(AlertId alert);

    /// Of the alerts of an incident that are no repeats, newest first.
    List<Origin> ofIncident(IncidentId incident, int limit);

    /// Alerts whose sender is not verified yet and that came before `before`.
    List<AlertId> unverified(Instant before, int limit);

    /// How many alerts of this integration wait to be verified.
    long waiting(IntegrationId integration);

    /// @param headers what its sender proved itself with, by lower-case name; never a secret that
    /// we could check at once
    record Origin(AlertId alert, Organisation organisation, IntegrationId integration, Map<String, String> headers) {}
}
