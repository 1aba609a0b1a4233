package io.varve.acquisition.model;

import java.util.List;
import java.util.Map;

/// The kept decisions.
public interface Decisions {
    void save(Decision decision);

    List<Decision> ofAlert(AlertId alert);

    /// Those with a capture first, then the newest.
    List<Decision> ofIncident(IncidentId incident, int limit);

    /// How many of the incident's decisions came out how.
    Map<Decision.Outcome, Long> counts(IncidentId incident);
}
