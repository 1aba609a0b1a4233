package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Optional;

/// Why an alert led to a capture, or did not. One for every alert and rule that matched, and one when none did.
public record Decision(
        AlertId alert,
        Organisation organisation,
        Optional<IncidentId> incident,
        Optional<RuleId> rule,
        Outcome outcome,
        String reason,
        Instant at,
        Optional<CaptureId> capture) {
    public enum Outcome {
        CAPTURE_REQUESTED,
        NO_RULE_MATCHED,
        NO_ASSET,
        /// No provider of the rule reaches the asset.
        UNREACHABLE,
        ALREADY_CAPTURED,
        BUDGET_SPENT
    }
}
