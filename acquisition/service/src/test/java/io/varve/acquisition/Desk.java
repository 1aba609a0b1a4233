package io.varve.acquisition;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// The acquisition services over repositories in memory, at a time that tests set.
final class Desk {
    static final Organisation MAIN = Organisation.DEFAULT;
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    final Kept kept = new Kept();
    final AssetIdentity identity = new AssetIdentity(kept.assets, AssetIdentity.ADDRESS_WINDOW);
    final CaptureService service =
            new CaptureService(kept.captures, kept.captures, new Containments(kept.alerts, kept.captures));
    final Fallback fallback = new Fallback(kept.captures, kept.assets, kept.captures, kept.decisions);
    final Approvals approvals = new Approvals(kept.captures, kept.captures, kept.decisions);
    Budgets budgets = Budgets.USUAL;
    Instant now = NOON;

    /// A rule for severe alerts, to be changed by tests.
    static Rule rule(List<String> providers) {
        return new Rule(
                RuleId.mint(),
                MAIN,
                "High",
                true,
                1,
                List.of(),
                60,
                List.of(),
                "*",
                providers,
                "triage",
                Duration.ofHours(1),
                20,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE);
    }

    static Rule with(Rule rule, Duration window, int dailyBudget, Rule.Approval approval) {
        return new Rule(
                rule.id(),
                rule.organisation(),
                rule.name(),
                rule.enabled(),
                rule.position(),
                rule.sources(),
                rule.minimumSeverity(),
                rule.techniques(),
                rule.assetPattern(),
                rule.providers(),
                rule.profile(),
                window,
                dailyBudget,
                rule.patience(),
                approval);
    }

    /// @param body JSON with `'` for `"`
    Alert receive(String body) {
        var alert = new Alert(
                AlertId.mint(),
                MAIN,
                "generic",
                now,
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        kept.alerts.receive(alert, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        intake().normalise(alert.id());
        return kept.alerts.find(alert.id()).orElseThrow();
    }

    AlertIntake intake() {
        InstantSource source = () -> now;
        Clock clock = source.withZone(ZoneOffset.UTC);
        var rules =
                new RuleEngine(kept.rules, kept.captures, kept.decisions, service, budgets, RuleEngine.APPROVAL_LIFE);
        return new AlertIntake(
                kept.alerts, identity, new IncidentGrouping(kept.incidents, IncidentGrouping.WINDOW), rules, clock);
    }

    Asset enrol(String agent, String name) {
        return identity.enrol(MAIN, Sighting.ofAgent(agent, name, Optional.empty(), List.of(), now));
    }

    RuleSimulation simulation() {
        return new RuleSimulation(kept.alerts, kept.assets, kept.captures, budgets);
    }

    Capture newest() {
        return List.copyOf(kept.captures.rows.values()).getLast();
    }

    Capture ended(Capture capture, Capture.State state) {
        Capture ended = new Capture(
                capture.id(),
                capture.organisation(),
                capture.evidence(),
                capture.asset(),
                capture.provider(),
                capture.target(),
                capture.profile(),
                capture.alert(),
                capture.incident(),
                capture.rule(),
                capture.requestedBy(),
                capture.requestedAt(),
                Optional.of(now),
                Optional.of(now),
                state,
                false,
                capture.steps(),
                1,
                1,
                "ended",
                capture.plan());
        kept.captures.save(ended);
        return ended;
    }

    List<Outcome> outcomes(Alert alert) {
        return kept.decisions.ofAlert(alert.id()).stream()
                .map(Decision::outcome)
                .toList();
    }

    Decision last(Alert alert) {
        return kept.decisions.ofAlert(alert.id()).getLast();
    }
}
