package io.varve.acquisition.model;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One act of acquisition, as stored steps.
///
/// @param evidence key of the evidence it makes, minted when it was requested
/// @param requestedBy a user's name, or `rule:<name>`
/// @param steps results of the steps done, by name: what an interrupted capture goes on from
/// @param done bytes so far; `total` 0 when unknown
/// @param text what is happening, or why it ended as it did
/// @param plan what comes after it and what came before
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
        String text,
        Plan plan) {
    public enum State {
        /// A person has to agree first.
        AWAITING_APPROVAL,
        QUEUED,
        RUNNING,
        /// Sealed; its processing is a job of its own.
        CAPTURED,
        FAILED,
        CANCELLED,
        /// A person did not agree, or not in time.
        REJECTED;

        public boolean hasEnded() {
            return switch (this) {
                case AWAITING_APPROVAL, QUEUED, RUNNING -> false;
                case CAPTURED, FAILED, CANCELLED, REJECTED -> true;
            };
        }

        /// Whether a worker has it or will have it by itself.
        public boolean isUnderWay() {
            return this == QUEUED || this == RUNNING;
        }
    }

    /// @param fallbackOf the capture of the same request that ended without success before this one
    /// @param next providers still to be tried when this one fails, in order; none of them was tried yet
    /// @param patience how long the host may be offline before the next provider is tried
    /// @param approval present when a person has to agree
    public record Plan(
            Optional<CaptureId> fallbackOf, List<String> next, Duration patience, Optional<Approval> approval) {
        /// One provider, tried once.
        public static final Plan NONE = new Plan(Optional.empty(), List.of(), Rule.USUAL_PATIENCE, Optional.empty());

        public Plan {
            next = List.copyOf(next);
        }

        Plan judged(Verdict verdict) {
            return new Plan(
                    fallbackOf,
                    next,
                    patience,
                    approval.map(waiting -> new Approval(waiting.before(), Optional.of(verdict))));
        }
    }

    /// @param before when it is rejected by itself
    public record Approval(Instant before, Optional<Verdict> verdict) {}

    /// @param by a user's or key's name, or `varve` when the time was over
    public record Verdict(boolean approved, String by, Instant at, String reason) {}

    /// Name of the step that holds why a person asked for it.
    public static final String REASON = "reason";

    /// The same capture with the words of the person who asked for it.
    public Capture because(String reason) {
        var known = new HashMap<>(steps);
        known.put(REASON, reason);
        return with(plan, state, endedAt, cancelRequested, Map.copyOf(known), text);
    }

    /// The same capture after somebody asked to stop it.
    public Capture stopping() {
        return with(plan, state, endedAt, true, steps, text);
    }

    /// The same capture after a person agreed to it, or did not.
    public Capture judged(Verdict verdict, String explanation) {
        return verdict.approved()
                ? with(plan.judged(verdict), State.QUEUED, Optional.empty(), cancelRequested, steps, explanation)
                : with(
                        plan.judged(verdict),
                        State.REJECTED,
                        Optional.of(verdict.at()),
                        cancelRequested,
                        steps,
                        explanation);
    }

    /// From when on its time runs: its request, or the approval it waited for.
    public Instant dueSince() {
        return plan.approval().flatMap(Approval::verdict).map(Verdict::at).orElse(requestedAt);
    }

    private Capture with(
            Plan plan,
            State state,
            Optional<Instant> endedAt,
            boolean cancelRequested,
            Map<String, String> steps,
            String text) {
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
                cancelRequested,
                steps,
                done,
                total,
                text,
                plan);
    }
}
