package io.varve.acquisition.model;

import java.util.List;

/// The kept decisions.
public interface Decisions {
    void save(Decision decision);

    List<Decision> ofAlert(AlertId alert);

    List<Decision> ofIncident(IncidentId incident);
}
