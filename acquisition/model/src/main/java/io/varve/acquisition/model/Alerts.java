package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The kept alerts.
public interface Alerts {
    /// Keeps the raw body of a new alert in state RECEIVED.
    void receive(Alert alert, byte[] raw);

    Optional<Alert> find(AlertId id);

    byte[] raw(AlertId id);

    /// The normalised alert with this identity, not a repeat.
    Optional<Alert> bySourceId(Organisation organisation, String source, String sourceAlertId);

    void update(Alert alert);

    /// Alerts of this incident without their repeats: most severe first, then newest.
    List<Alert> ofIncident(IncidentId incident, int limit);

    /// A group of alerts, as the source made it.
    Optional<Group> group(Organisation organisation, String source, String sourceGroupId);

    /// @param newest its newest alert
    /// @param incidents in how many incidents its alerts lie
    /// @param alerts how many of them are in the incident of the newest
    record Group(Alert newest, int incidents, int alerts) {}

    /// Normalised alerts about this asset, newest first.
    List<Alert> ofAsset(AssetId asset, int limit);

    /// Newest first, all states.
    List<Alert> newest(Organisation organisation, int limit);

    /// Organisations with alerts still in state RECEIVED.
    List<Organisation> waiting();

    /// Alerts still in state RECEIVED, oldest first: this is the queue that workers read from.
    List<Alert> unread(Organisation organisation, int limit);

    /// How many alerts are in state RECEIVED; counts no further than `most`.
    int unreadCount(Organisation organisation, int most);

    /// Walks over the normalised alerts that came in between, oldest first, without holding them all. Ends early when
    /// the visitor says false.
    void walk(Organisation organisation, Instant from, Instant to, Predicate<Alert> visitor);
}
