package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Optional;

/// What a detection source sent. The raw body is kept apart and read with [Alerts#raw].
///
/// @param problem why the alert could not be normalised, in words for the person who set the source up
public record Alert(
        AlertId id,
        Organisation organisation,
        String source,
        Instant receivedAt,
        State state,
        Optional<String> problem,
        Optional<NormalisedAlert> normalised,
        Optional<AssetId> asset,
        Optional<IncidentId> incident) {
    public enum State {
        /// Kept raw; whether its sender is who it says is not known yet.
        UNVERIFIED,
        /// Kept raw, not read yet.
        RECEIVED,
        NORMALISED,
        /// The same alert came before; this delivery is a repeat of it.
        REPEAT,
        /// Could not be read; `problem` says why.
        REJECTED
    }
}
