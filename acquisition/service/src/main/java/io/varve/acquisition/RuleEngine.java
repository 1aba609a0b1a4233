package io.varve.acquisition;

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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Applies the rules to an alert, requests the captures they ask for, and keeps a reason for every one not taken.
///
/// A rule decides once per alert: applying it again, after a repeat or a crash, changes nothing.
public final class RuleEngine {
    private static final int RULES_EXPLAINED = 5;

    private final Rules rules;
    private final Captures captures;
    private final Decisions decisions;
    private final CaptureService service;

    public RuleEngine(Rules rules, Captures captures, Decisions decisions, CaptureService service) {
        this.rules = rules;
        this.captures = captures;
        this.decisions = decisions;
        this.service = service;
    }

    /// @param alert normalised, with its incident
    /// @param asset absent when the alert could not be tied to one
    /// @param note what the search for the asset had to say
    public void apply(Alert alert, Optional<Asset> asset, String note, Instant now) {
        NormalisedAlert content = alert.normalised().orElseThrow();
        List<Rule> enabled =
                rules.all(alert.organisation()).stream().filter(Rule::enabled).toList();
        List<Rule> matching = enabled.stream()
                .filter(rule -> mismatch(rule, alert.source(), content, asset).isEmpty())
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
            String reason = noMatch(enabled, alert.source(), content, asset);
            decisions.save(decision(alert, Optional.empty(), Outcome.NO_RULE_MATCHED, reason, now, Optional.empty()));
        }
    }

    private Decision decide(Rule rule, Alert alert, Optional<Asset> asset, String note, Instant now) {
        if (asset.isEmpty()) {
            String reason = note.isEmpty() ? "The alert could not be tied to an asset." : note;
            return decision(alert, Optional.of(rule), Outcome.NO_ASSET, reason, now, Optional.empty());
        }
        Optional<Capture> recent = captures.recent(asset.get().id(), rule.profile(), now.minus(rule.dedupeWindow()));
        if (recent.isPresent()) {
            String reason = "%s was captured with profile %s at %s, within %s."
                    .formatted(asset.get().name(), rule.profile(), recent.get().requestedAt(), rule.dedupeWindow());
            return decision(alert, Optional.of(rule), Outcome.ALREADY_CAPTURED, reason, now, id(recent.get()));
        }
        int spent = captures.requestedBy(
                rule.id(),
                now.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant());
        if (spent >= rule.dailyBudget()) {
            String reason =
                    "The rule has requested %d of %d captures today (UTC).".formatted(spent, rule.dailyBudget());
            return decision(alert, Optional.of(rule), Outcome.BUDGET_SPENT, reason, now, Optional.empty());
        }
        return request(rule, alert, asset.get(), note, now);
    }

    private Decision request(Rule rule, Alert alert, Asset asset, String note, Instant now) {
        var reason = new CaptureService.Reason(
                "rule:" + rule.name(), Optional.of(alert.id()), alert.incident(), Optional.of(rule.id()));
        return switch (service.request(asset, rule.provider(), rule.profile(), reason, now)) {
            case CaptureService.Requested made ->
                decision(
                        alert,
                        Optional.of(rule),
                        Outcome.CAPTURE_REQUESTED,
                        "Capture of %s with profile %s through %s. %s"
                                .formatted(asset.name(), rule.profile(), rule.provider(), note)
                                .strip(),
                        now,
                        id(made.capture()));
            case CaptureService.Running running ->
                decision(
                        alert,
                        Optional.of(rule),
                        Outcome.ALREADY_CAPTURED,
                        "A capture of %s with profile %s has not ended yet.".formatted(asset.name(), rule.profile()),
                        now,
                        id(running.capture()));
            case CaptureService.Unreachable unreachable ->
                decision(alert, Optional.of(rule), Outcome.UNREACHABLE, unreachable.reason(), now, Optional.empty());
        };
    }

    private static Optional<CaptureId> id(Capture capture) {
        return Optional.of(capture.id());
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

    private static String noMatch(List<Rule> enabled, String source, NormalisedAlert alert, Optional<Asset> asset) {
        if (enabled.isEmpty()) {
            return "No rule is enabled.";
        }
        String reasons = enabled.stream()
                .limit(RULES_EXPLAINED)
                .map(rule -> "%s: %s"
                        .formatted(
                                rule.name(),
                                mismatch(rule, source, alert, asset).orElse("")))
                .collect(Collectors.joining("; "));
        return "No rule matched. " + reasons + ".";
    }

    /// Why a rule does not apply; empty when it does. Without an asset the pattern is not asked.
    private static Optional<String> mismatch(Rule rule, String source, NormalisedAlert alert, Optional<Asset> asset) {
        if (!rule.sources().isEmpty() && !rule.sources().contains(source)) {
            return Optional.of("not for alerts of " + source);
        }
        if (alert.severity() < rule.minimumSeverity()) {
            return Optional.of("severity %d is below %d".formatted(alert.severity(), rule.minimumSeverity()));
        }
        if (!rule.techniques().isEmpty() && !namesOne(alert, rule.techniques())) {
            return Optional.of("names none of its techniques");
        }
        if (asset.isPresent() && !Glob.matches(rule.assetPattern(), asset.get().name())) {
            return Optional.of("%s is not %s".formatted(asset.get().name(), rule.assetPattern()));
        }
        return Optional.empty();
    }

    private static boolean namesOne(NormalisedAlert alert, List<String> wanted) {
        return alert.attack().stream()
                .flatMap(attack -> attack.technique().stream())
                .anyMatch(named -> wanted.stream()
                        .anyMatch(technique -> named.equals(technique) || named.startsWith(technique + ".")));
    }
}
