package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureHistory;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What keeps a rule from capturing: a capture within its window, and the budgets of the day. Every reason names its
/// numbers and what to change.
final class Restraints {
    private final CaptureHistory history;
    private final Estimates estimates;
    private final Budgets budgets;

    Restraints(CaptureHistory history, Estimates estimates, Budgets budgets) {
        this.history = history;
        this.estimates = estimates;
        this.budgets = budgets;
    }

    /// @param capture the one that makes another unnecessary
    record Restraint(Outcome outcome, String reason, Optional<CaptureId> capture) {}

    /// A capture of the asset within the rule's window.
    Optional<Restraint> window(Rule rule, Asset asset, Instant now) {
        return history.recent(asset.id(), rule.profile(), now.minus(rule.dedupeWindow()))
                .map(recent -> within(rule, asset, recent));
    }

    private static Restraint within(Rule rule, Asset asset, Capture recent) {
        boolean rejected = recent.state() == Capture.State.REJECTED;
        String reason = rejected
                ? "A capture of %s with profile %s requested at %s was rejected, within the rule's dedupe window of %s: %s"
                : "%s was captured with profile %s at %s, within the rule's dedupe window of %s.";
        return new Restraint(
                rejected ? Outcome.REJECTED : Outcome.ALREADY_CAPTURED,
                reason.formatted(
                        asset.name(), rule.profile(), recent.requestedAt(), rule.dedupeWindow(), recent.text()),
                Optional.of(recent.id()));
    }

    /// A budget of the day that is spent.
    Optional<Restraint> budget(Rule rule, Asset asset, String provider, Instant now) {
        Instant today = now.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
        int byRule = history.requestedBy(rule.id(), today);
        if (byRule >= rule.dailyBudget()) {
            return spent(
                    Outcome.BUDGET_SPENT,
                    "The rule has requested %d of %d captures today (UTC); raise its daily budget to take more."
                            .formatted(byRule, rule.dailyBudget()));
        }
        int ofAsset = history.requestedOf(asset.id(), today);
        if (ofAsset >= budgets.assetDaily()) {
            return spent(
                    Outcome.ASSET_BUDGET_SPENT,
                    "%s was captured %d of %d times today (UTC); varve.budget.asset-daily sets the limit."
                            .formatted(asset.name(), ofAsset, budgets.assetDaily()));
        }
        return organisation(asset.organisation(), rule.profile(), provider, today);
    }

    private Optional<Restraint> organisation(
            Organisation organisation, String profile, String provider, Instant today) {
        CaptureHistory.Usage usage = history.usage(organisation, today);
        if (usage.captures() >= budgets.organisationDaily()) {
            return spent(
                    Outcome.ORGANISATION_BUDGET_SPENT,
                    "%d of %d captures were requested today (UTC); varve.budget.organisation-daily sets the limit."
                            .formatted(usage.captures(), budgets.organisationDaily()));
        }
        long bytes = usage.bytes();
        for (CaptureHistory.Unknown open : usage.unknown()) {
            bytes += open.captures()
                    * estimates
                            .of(organisation, open.provider(), open.profile())
                            .bytes();
        }
        long more = estimates.of(organisation, provider, profile).bytes();
        if (bytes + more > budgets.organisationDailyBytes()) {
            return spent(
                    Outcome.ORGANISATION_BUDGET_SPENT,
                    ("Today's captures (UTC) come to %,d bytes, this one to about %,d, and %,d are allowed;"
                                    + " varve.budget.organisation-daily-bytes sets the limit.")
                            .formatted(bytes, more, budgets.organisationDailyBytes()));
        }
        return Optional.empty();
    }

    private static Optional<Restraint> spent(Outcome outcome, String reason) {
        return Optional.of(new Restraint(outcome, reason, Optional.empty()));
    }
}
