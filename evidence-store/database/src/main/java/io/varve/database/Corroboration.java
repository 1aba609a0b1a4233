package io.varve.database;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Organisation;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;

/// What the collected evidence says about one alert.
///
/// @param reason one sentence for the responder
/// @param events JSON array of the events behind it
/// @param sources JSON array of the sources that were or were not read
public record Corroboration(
        AlertId alert,
        Organisation organisation,
        State state,
        String reason,
        String events,
        String sources,
        Instant at) {
    public enum State {
        CONFIRMED,
        CONTRADICTED,
        NOT_SEEN,
        NOT_COLLECTED,
        /// Evidence is still being read.
        PENDING
    }

    /// An event that an alert is linked to.
    public record Link(String event, EvidenceKey evidence) {}
}
