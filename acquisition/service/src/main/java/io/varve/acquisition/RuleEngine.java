package io.varve.acquisition;

import io.varve.acquisition.Restraints.Restraint;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Applies the rules to an alert, requests the captures they ask for, and keeps a reason for every one not taken.
///
/// A rule decides once per alert: applying it again, after a repeat or a crash, changes nothing.
public final class RuleEngine {
    /// How long a capture waits for approval, where nobody said otherwise.
    public static final Duration APPROVAL_LIFE = Duration.ofHours(24);

    private final Rules rules;
    private final Decisions decisions;
    private final CaptureService service;
    private final Restraints restraints;
    private final Duration approvalLife;

    public RuleEngine(
            Rules rules,
            Captures captures,
            Decisions decisions,
            CaptureService service,
            Budgets budgets,
            Duration approvalLife) {
        this.rules = rules;
        this.decisions = decisions;
        this.service = service;
        this.restraints = new Restraints(captures, new Estimates(captures), budgets);
        this.approvalLife = approvalLife;
    }

    /// @param alert normalised, with its incident
    /// @param asset absent when the alert could not be tied to one
    /// @param note what the search for the asset had to say
    public void apply(Alert alert, Optional<Asset> asset, String note, Instant now) {
        NormalisedAlert content = alert.normalised().orElseThrow();
        List<Rule> enabled =
                rules.all(alert.organisation()).stream().filter(Rule::enabled).toList();
        List<Rule> matching = enabled.stream()
                .filter(rule ->
                        RuleMatch.mismatch(rule, alert.source(), content, asset).isEmpty())
                .toList();
        Set<Optional<RuleId>> decided = decisions.ofAlert(alert.id()).stream()
                .map(Decision::rule)
                .collect(Collectors.toCollection(HashSet::new));
        for (Rule rule : matching) {
            if (!decided.contains(Optional.of(rule.id()))) {
                decisions.save(decide(rule, alert, asset, note, now));
            }
        }
        if (matching.isEmpty() && decided.isEmpty()) {
            String reason = RuleMatch.none(enabled, alert.source(), content, asset);
            decisions.save(decision(alert, Optional.empty(), Outcome.NO_RULE_MATCHED, reason, now, Optional.empty()));
        }
    }

    private Decision decide(Rule rule, Alert alert, Optional<Asset> asset, String note, Instant now) {
        if (asset.isEmpty()) {
            String reason = note.isEmpty() ? "The alert could not be tied to an asset." : note;
            return decision(alert, Optional.of(rule), Outcome.NO_ASSET, reason, now, Optional.empty());
        }
        Optional<Restraint> window = restraints.window(rule, asset.get(), now);
        if (window.isPresent()) {
            return decision(alert, rule, window.get(), now);
        }
        List<CaptureService.Way> ways = service.ways(asset.get(), rule.providers(), alert.normalised());
        if (ways.isEmpty()) {
            String reason = CaptureService.unreachable(asset.get(), rule.providers());
            return decision(alert, Optional.of(rule), Outcome.UNREACHABLE, reason, now, Optional.empty());
        }
        Optional<Restraint> budget =
                restraints.budget(rule, asset.get(), ways.getFirst().provider(), now);
        if (budget.isPresent()) {
            return decision(alert, rule, budget.get(), now);
        }
        return request(rule, alert, asset.get(), ways, note, now);
    }

    private Decision request(
            Rule rule, Alert alert, Asset asset, List<CaptureService.Way> ways, String note, Instant now) {
        var reason = new CaptureService.Reason(
                "rule:" + rule.name(), Optional.of(alert.id()), alert.incident(), Optional.of(rule.id()));
        Optional<Instant> approveBefore =
                rule.approval() == Rule.Approval.REQUIRED ? Optional.of(now.plus(approvalLife)) : Optional.empty();
        var wish = new CaptureService.Wish(rule.profile(), rule.patience(), approveBefore);
        return switch (service.request(asset, ways, wish, reason, now)) {
            case CaptureService.Requested made ->
                decision(
                        alert,
                        Optional.of(rule),
                        approveBefore.isPresent() ? Outcome.AWAITING_APPROVAL : Outcome.CAPTURE_REQUESTED,
                        "%s %s"
                                .formatted(explained(made.capture(), asset), note)
                                .strip(),
                        now,
                        Optional.of(made.capture().id()));
            case CaptureService.Running running ->
                decision(
                        alert,
                        Optional.of(rule),
                        Outcome.ALREADY_CAPTURED,
                        "A capture of %s with profile %s has not ended yet.".formatted(asset.name(), rule.profile()),
                        now,
                        Optional.of(running.capture().id()));
            case CaptureService.Unreachable unreachable ->
                decision(alert, Optional.of(rule), Outcome.UNREACHABLE, unreachable.reason(), now, Optional.empty());
        };
    }

    private static String explained(Capture capture, Asset asset) {
        String then = capture.plan().next().isEmpty()
                ? ""
                : ", then " + String.join(", ", capture.plan().next());
        String until = capture.plan()
                .approval()
                .map(approval -> " It waits for approval until %s.".formatted(approval.before()))
                .orElse("");
        return "Capture of %s with profile %s through %s%s.%s"
                .formatted(asset.name(), capture.profile(), capture.provider(), then, until);
    }

    private static Decision decision(Alert alert, Rule rule, Restraint restraint, Instant now) {
        return decision(alert, Optional.of(rule), restraint.outcome(), restraint.reason(), now, restraint.capture());
    }

    private static Decision decision(
            Alert alert,
            Optional<Rule> rule,
            Outcome outcome,
            String reason,
            Instant now,
            Optional<CaptureId> capture) {
        return new Decision(
                alert.id(), alert.organisation(), alert.incident(), rule.map(Rule::id), outcome, reason, now, capture);
    }
}
