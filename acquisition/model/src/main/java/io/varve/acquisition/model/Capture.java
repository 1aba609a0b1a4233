package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One act of acquisition, as stored steps.
///
/// @param evidence key of the evidence it makes, minted when it was requested
/// @param requestedBy a user's name, or `rule:<name>`
/// @param steps results of the steps done, by name: what an interrupted capture goes on from
/// @param done bytes so far; `total` 0 when unknown
/// @param text what is happening, or why it ended as it did
public record Capture(
        CaptureId id,
        Organisation organisation,
        String evidence,
        AssetId asset,
        String provider,
        String target,
        String profile,
        Optional<AlertId> alert,
        Optional<IncidentId> incident,
        Optional<RuleId> rule,
        String requestedBy,
        Instant requestedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        State state,
        boolean cancelRequested,
        Map<String, String> steps,
        long done,
        long total,
        String text) {
    public enum State {
        QUEUED,
        RUNNING,
        /// Sealed; its processing is a job of its own.
        CAPTURED,
        FAILED,
        CANCELLED
    }

    /// The same capture after somebody asked to stop it.
    public Capture stopping() {
        return new Capture(
                id,
                organisation,
                evidence,
                asset,
                provider,
                target,
                profile,
                alert,
                incident,
                rule,
                requestedBy,
                requestedAt,
                startedAt,
                endedAt,
                state,
                true,
                steps,
                done,
                total,
                text);
    }
}
