package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureHistory.Past;
import io.varve.acquisition.model.CaptureHistory.Unknown;
import io.varve.acquisition.model.CaptureHistory.Usage;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.RuleId;
import io.varve.database.CorroborationsDue.Due;
import io.varve.evidence.EvidenceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class AutomationTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();

    @Test
    void aPlanIsKeptWithItsApproval() {
        AssetId asset = database.asset(organisation);
        Capture first = capture(asset, "endpoint", Capture.State.FAILED, NOW, Capture.Plan.NONE);
        var verdict = new Capture.Verdict(true, "user:alice", NOW, "seen it");
        var plan = new Capture.Plan(
                Optional.of(first.id()),
                List.of("defender", "sentinelone"),
                Duration.ofMinutes(7),
                Optional.of(new Capture.Approval(NOW.plusSeconds(60), Optional.of(verdict))));
        Capture second = capture(asset, "crowdstrike", Capture.State.QUEUED, NOW, plan);

        database.run(db -> {
            db.captures.save(first);
            db.captures.save(second);
        });

        database.run(db -> assertThat(db.captures.find(second.id())).contains(second));
    }

    @Test
    void budgetsCountRequestsAndBytes() {
        AssetId asset = database.asset(organisation);
        Capture done = capture(asset, "endpoint", Capture.State.CAPTURED, NOW, Capture.Plan.NONE);
        Capture waiting = capture(asset, "crowdstrike", Capture.State.AWAITING_APPROVAL, NOW, Capture.Plan.NONE);
        Capture rejected = capture(asset, "defender", Capture.State.REJECTED, NOW, Capture.Plan.NONE);
        Capture further = capture(
                asset,
                "sentinelone",
                Capture.State.QUEUED,
                NOW,
                new Capture.Plan(Optional.of(done.id()), List.of(), Duration.ZERO, Optional.empty()));
        Capture yesterday =
                capture(asset, "endpoint", Capture.State.CAPTURED, NOW.minus(Duration.ofDays(1)), Capture.Plan.NONE);
        database.run(db -> List.of(done, waiting, rejected, further, yesterday).forEach(db.captures::save));

        Instant today = NOW.minusSeconds(10);
        database.run(db -> assertThat(db.captures.requestedOf(asset, today)).isEqualTo(2));
        Usage usage = database.transaction(db -> db.captures.usage(organisation, today));
        assertThat(usage.captures()).isEqualTo(2);
        assertThat(usage.bytes()).isEqualTo(1_000);
        assertThat(usage.unknown())
                .containsExactlyInAnyOrder(
                        new Unknown("crowdstrike", "triage", 1), new Unknown("sentinelone", "triage", 1));
        database.run(db -> assertThat(db.captures.past(organisation, "endpoint", "triage"))
                .contains(new Past(2, 1_000, Duration.ofSeconds(30))));
        database.run(db -> assertThat(db.captures.in(organisation, Capture.State.AWAITING_APPROVAL, 10))
                .containsExactly(waiting));
    }

    @Test
    void whatFollowsACaptureStandsBesideTheRulesOwnDecision() {
        Alert alert = Samples.received(organisation);
        Incident incident = Samples.incident(organisation, List.of());
        RuleId rule = RuleId.mint();
        CaptureId capture = CaptureId.mint();
        database.run(db -> {
            db.alerts.receive(alert, new byte[0]);
            db.incidents.save(incident);
        });
        database.run(db -> {
            db.decisions.save(decision(alert, incident, rule, Outcome.AWAITING_APPROVAL, Optional.empty()));
            for (Outcome outcome : List.of(Outcome.APPROVED, Outcome.FALLBACK, Outcome.FALLBACK)) {
                db.decisions.save(decision(alert, incident, rule, outcome, Optional.of(capture)));
            }
        });

        database.run(db -> assertThat(db.decisions.ofAlert(alert.id()))
                .extracting(Decision::outcome)
                .containsExactlyInAnyOrder(Outcome.AWAITING_APPROVAL, Outcome.APPROVED, Outcome.FALLBACK));
        database.run(db -> assertThat(db.decisions.counts(incident.id()))
                .isEqualTo(Map.of(Outcome.AWAITING_APPROVAL, 1L, Outcome.APPROVED, 1L, Outcome.FALLBACK, 1L)));
        database.run(db -> assertThat(db.decisions.ofIncident(incident.id(), 2)).hasSize(2));
    }

    @Test
    void alertsAreFoundByTheirGroupAndWalkedOverInTheirOrder() {
        Incident incident = Samples.incident(organisation, List.of());
        List<Alert> kept = new ArrayList<>();
        database.run(db -> {
            db.incidents.save(incident);
            for (String id : List.of("one", "two", "three")) {
                Alert alert = Samples.received(organisation);
                db.alerts.receive(alert, new byte[0]);
                Alert read = Samples.normalised(alert, id, Optional.of(incident.id()));
                db.alerts.update(read);
                kept.add(read);
            }
        });

        database.run(db -> {
            var group = db.alerts.group(organisation, "generic", "group").orElseThrow();
            assertThat(group.incidents()).isOne();
            assertThat(group.alerts()).isEqualTo(3);
            assertThat(db.alerts.group(organisation, "generic", "other")).isEmpty();
            assertThat(db.alerts.ofIncident(incident.id(), 2)).hasSize(2);
            var seen = new ArrayList<Alert>();
            db.alerts.walk(organisation, NOW.minusSeconds(1), NOW.plusSeconds(1), seen::add);
            assertThat(seen).extracting(Alert::id).hasSize(3);
            var one = new ArrayList<Alert>();
            db.alerts.walk(organisation, NOW.minusSeconds(1), NOW.plusSeconds(1), alert -> {
                one.add(alert);
                return false;
            });
            assertThat(one).hasSize(1);
        });
    }

    @Test
    void unreadAlertsAreTheQueue() {
        Alert first = Samples.received(organisation);
        Alert second = Samples.received(organisation);
        database.run(db -> {
            db.alerts.receive(first, new byte[0]);
            db.alerts.receive(second, new byte[0]);
        });
        database.run(db -> {
            assertThat(db.alerts.waiting()).contains(organisation);
            assertThat(db.alerts.unreadCount(organisation, 10)).isEqualTo(2);
            assertThat(db.alerts.unreadCount(organisation, 1)).isEqualTo(1);
        });

        database.run(db -> db.alerts.update(Samples.normalised(first, "read", Optional.empty())));

        database.run(db -> assertThat(db.alerts.unread(organisation, 10)).containsExactly(second));
    }

    @Test
    void aMarkThatComesWhileAnAssetIsWorkedOnIsNotLost() {
        AssetId asset = database.asset(organisation);
        Instant past = Instant.parse("2000-01-01T00:00:00Z");
        database.run(db -> db.due.mark(organisation, asset, past));
        database.run(db -> db.due.mark(organisation, asset, past.plusSeconds(5)));

        Due taken = database.transaction(db -> db.due.take(past.plusSeconds(1), past.plusSeconds(60)))
                .orElseThrow();
        assertThat(taken).isEqualTo(new Due(asset, 2));
        database.run(db -> assertThat(db.due.take(past.plusSeconds(2), past.plusSeconds(60)))
                .as("somebody has it")
                .isEmpty());
        database.run(db -> db.due.mark(organisation, asset, past));
        database.run(db -> db.due.done(taken, past.plusSeconds(30)));

        database.run(db -> assertThat(db.due.take(past.plusSeconds(20), past.plusSeconds(60)))
                .isEmpty());
        Due again = database.transaction(db -> db.due.take(past.plusSeconds(31), past.plusSeconds(90)))
                .orElseThrow();
        database.run(db -> db.due.done(again, past.plusSeconds(32)));
        database.run(db -> assertThat(db.due.take(past.plusSeconds(99), past.plusSeconds(100)))
                .isEmpty());
    }

    @Test
    void whatADeadWorkerHeldIsTakenByTheNext() {
        AssetId asset = database.asset(organisation);
        Instant past = Instant.parse("1990-01-01T00:00:00Z");
        database.run(db -> db.due.mark(organisation, asset, past));
        database.run(db -> db.due.take(past, past.plusSeconds(15)));

        Due taken = database.transaction(db -> db.due.take(past.plusSeconds(16), past.plusSeconds(30)))
                .orElseThrow();

        assertThat(taken.asset()).isEqualTo(asset);
        database.run(db -> db.due.done(taken, past));
    }

    private Decision decision(Alert alert, Incident incident, RuleId rule, Outcome outcome, Optional<CaptureId> about) {
        return new Decision(
                alert.id(),
                organisation,
                Optional.of(incident.id()),
                Optional.of(rule),
                outcome,
                "because",
                NOW,
                about,
                about);
    }

    private Capture capture(AssetId asset, String provider, Capture.State state, Instant at, Capture.Plan plan) {
        long bytes = state == Capture.State.CAPTURED ? 1_000 : 0;
        return new Capture(
                CaptureId.mint(),
                organisation,
                EvidenceKey.mint(organisation.value()).value(),
                asset,
                provider,
                "target",
                "triage",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "rule:all",
                at,
                Optional.of(at),
                state.hasEnded() ? Optional.of(at.plusSeconds(30)) : Optional.empty(),
                state,
                false,
                Map.of(),
                bytes,
                bytes,
                "",
                plan);
    }
}
