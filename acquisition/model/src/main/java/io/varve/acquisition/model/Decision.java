package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Optional;

/// Why an alert led to a capture, or did not. One for every alert and rule that matched, and one when none did; further
/// ones follow a capture that was approved, rejected, or ended without success.
///
/// @param about the capture this decision follows
public record Decision(
        AlertId alert,
        Organisation organisation,
        Optional<IncidentId> incident,
        Optional<RuleId> rule,
        Outcome outcome,
        String reason,
        Instant at,
        Optional<CaptureId> capture,
        Optional<CaptureId> about) {
    /// A decision of a rule itself.
    public Decision(
            AlertId alert,
            Organisation organisation,
            Optional<IncidentId> incident,
            Optional<RuleId> rule,
            Outcome outcome,
            String reason,
            Instant at,
            Optional<CaptureId> capture) {
        this(alert, organisation, incident, rule, outcome, reason, at, capture, Optional.empty());
    }

    public enum Outcome {
        CAPTURE_REQUESTED,
        /// Requested; it starts when a person agrees.
        AWAITING_APPROVAL,
        APPROVED,
        /// A person said no, or nobody said anything in time.
        REJECTED,
        /// Another channel is tried after one that failed.
        FALLBACK,
        NO_RULE_MATCHED,
        NO_ASSET,
        /// No provider of the rule reaches the asset.
        UNREACHABLE,
        ALREADY_CAPTURED,
        /// The rule's own budget of the day.
        BUDGET_SPENT,
        ASSET_BUDGET_SPENT,
        ORGANISATION_BUDGET_SPENT
    }
}
