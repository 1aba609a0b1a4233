package io.varve.database;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IncidentId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kept corroborations, and the links between alerts and events, read both ways.
public interface Corroborations {
    /// Replaces the alert's corroboration and its links.
    void save(Corroboration corroboration, List<Corroboration.Link> links);

    Optional<Corroboration> find(AlertId alert);

    Map<AlertId, Corroboration> ofIncident(IncidentId incident);

    List<Corroboration.Link> links(AlertId alert);

    /// Alerts linked to these events, by event id; events without one are left out.
    Map<String, List<AlertId>> alertsOf(Collection<String> events);
}
