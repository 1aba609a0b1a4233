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

    /// Those there are.
    Map<AlertId, Corroboration> of(Collection<AlertId> alerts);

    /// How many alerts of the incident are in which state; alerts without a corroboration are not counted.
    Map<Corroboration.State, Long> counts(IncidentId incident);

    /// The same for alerts of the incident that belong to this group of their source.
    Map<Corroboration.State, Long> counts(IncidentId incident, String source, String sourceGroupId);

    List<Corroboration.Link> links(AlertId alert);

    /// Alerts linked to these events, by event id; events without one are left out.
    Map<String, List<AlertId>> alertsOf(Collection<String> events);
}
