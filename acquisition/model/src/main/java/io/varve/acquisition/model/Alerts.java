package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kept alerts.
public interface Alerts {
    /// Keeps the raw body of a new alert in state RECEIVED.
    void receive(Alert alert, byte[] raw);

    Optional<Alert> find(AlertId id);

    byte[] raw(AlertId id);

    /// The normalised alert with this identity, not a repeat.
    Optional<Alert> bySourceId(Organisation organisation, String source, String sourceAlertId);

    void update(Alert alert);

    /// Newest first.
    List<Alert> ofIncident(IncidentId incident);

    /// Normalised alerts about this asset, newest first.
    List<Alert> ofAsset(AssetId asset, int limit);

    /// Newest first, all states.
    List<Alert> newest(Organisation organisation, int limit);

    /// Alerts still in state RECEIVED that came before `before`: what a crashed worker left.
    List<AlertId> unread(Instant before, int limit);
}
