package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;

/// A group of alerts about the same asset within a window.
///
/// @param firstSeen earliest time any of its alerts is about
/// @param lastSeen latest such time
/// @param severity highest of its alerts, 0 to 100
public record Incident(
        IncidentId id,
        Organisation organisation,
        String title,
        int severity,
        SeverityLabel severityLabel,
        Status status,
        Instant openedAt,
        Instant firstSeen,
        Instant lastSeen,
        List<AssetId> assets,
        int alerts) {
    public enum Status {
        OPEN,
        CLOSED
    }
}
