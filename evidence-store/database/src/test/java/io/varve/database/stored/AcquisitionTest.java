package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.Test;

final class AcquisitionTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();

    @Test
    void anAlertIsKeptRawAndReadBackNormalised() {
        byte[] raw = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        Alert received = Samples.received(organisation);
        database.run(db -> db.alerts.receive(received, raw));
        database.run(db -> assertThat(db.alerts.find(received.id())).contains(received));
        database.run(db -> assertThat(db.alerts.unread(organisation, 1000)).containsExactly(received));

        Alert normalised = Samples.normalised(received, "source-1", Optional.empty());
        database.run(db -> db.alerts.update(normalised));
        Alert read = database.transaction(db -> db.alerts.bySourceId(organisation, "generic", "source-1"))
                .orElseThrow();
        assertThat(read.normalised().orElseThrow().title()).isEqualTo("a title with <script> and a NUL \uFFFD in it");
        assertThat(read.normalised().orElseThrow().attack())
                .isEqualTo(normalised.normalised().orElseThrow().attack());
        database.run(db -> assertThat(db.alerts.raw(received.id())).isEqualTo(raw));
    }

    @Test
    void theSameAlertIsKeptOnceAndRepeatsBesideIt() {
        Alert first = Samples.received(organisation);
        Alert second = Samples.received(organisation);
        database.run(db -> {
            db.alerts.receive(first, new byte[0]);
            db.alerts.receive(second, new byte[0]);
            db.alerts.update(Samples.normalised(first, "twice", Optional.empty()));
        });
        Alert again = Samples.normalised(second, "twice", Optional.empty());
        assertThatThrownBy(() -> database.run(db -> db.alerts.update(again))).hasStackTraceContaining("alert_identity");
        Alert repeat = new Alert(
                again.id(),
                organisation,
                again.source(),
                again.receivedAt(),
                Alert.State.REPEAT,
                Optional.empty(),
                again.normalised(),
                Optional.empty(),
                Optional.empty());
        database.run(db -> db.alerts.update(repeat));
        database.run(db -> assertThat(db.alerts
                        .bySourceId(organisation, "generic", "twice")
                        .orElseThrow()
                        .id())
                .isEqualTo(first.id()));
    }

    @Test
    void aSourceIdLongerThanAnIndexEntryIsFound() {
        Alert alert = Samples.received(organisation);
        String id = "x".repeat(100_000);
        database.run(db -> {
            db.alerts.receive(alert, new byte[0]);
            db.alerts.update(Samples.normalised(alert, id, Optional.empty()));
        });
        database.run(db ->
                assertThat(db.alerts.bySourceId(organisation, "generic", id)).isPresent());
    }

    @Test
    void mergedAssetsAreFoundUnderTheOneThatRemains() {
        Asset a = asset("a", List.of(new Identifier(Kind.AGENT_ID, "agent-1", NOW, NOW)));
        Asset b = asset("b", List.of(new Identifier(Kind.HOST_NAME, "web01", NOW, NOW)));
        Asset c = asset("c", List.of());
        database.run(db -> {
            db.assets.save(a);
            db.assets.save(b);
            db.assets.save(c);
        });
        database.run(db -> {
            // the remaining asset takes the identifiers before the other gives them up
            db.assets.save(
                    with(b, List.of(a.identifiers().getFirst(), b.identifiers().getFirst())));
            db.assets.save(mergedInto(a, b.id()));
        });
        database.run(db -> db.assets.save(mergedInto(b, c.id())));
        database.run(db -> assertThat(db.assets.find(a.id()).orElseThrow().id()).isEqualTo(c.id()));
        database.run(db -> assertThat(db.assets.all(organisation, 10))
                .extracting(Asset::name)
                .containsExactly("c"));
    }

    @Test
    void aMergeInACircleIsRefused() {
        Asset a = asset("a", List.of());
        Asset b = asset("b", List.of());
        database.run(db -> {
            db.assets.save(a);
            db.assets.save(b);
            db.assets.save(mergedInto(a, b.id()));
        });
        assertThatThrownBy(() -> database.run(db -> db.assets.save(mergedInto(b, a.id()))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAddressIsKeptInEverySpanOfTimeInWhichTheAssetHadIt() {
        Instant later = NOW.plus(Duration.ofDays(9));
        Asset host = asset(
                "host",
                List.of(
                        new Identifier(Kind.ADDRESS, "10.0.0.5", NOW, NOW),
                        new Identifier(Kind.ADDRESS, "10.0.0.5", later, later)));

        database.run(db -> db.assets.save(host));

        database.run(db -> assertThat(db.assets.having(organisation, Kind.ADDRESS, "10.0.0.5"))
                .containsExactly(host));
    }

    @Test
    void oneAgentIsOnOneAsset() {
        Identifier agent = new Identifier(Kind.AGENT_ID, "agent-2", NOW, NOW);
        database.run(db -> db.assets.save(asset("a", List.of(agent))));
        database.run(db -> assertThat(db.assets.having(organisation, Kind.AGENT_ID, "agent-2"))
                .extracting(Asset::identifiers)
                .containsExactly(List.of(agent)));
        assertThatThrownBy(() -> database.run(db -> db.assets.save(asset("b", List.of(agent)))))
                .hasStackTraceContaining("one_asset_per_agent");
    }

    @Test
    void anIncidentIsFoundByItsAssetAndTime() {
        AssetId asset = database.asset(organisation);
        Incident incident = Samples.incident(organisation, List.of(asset));
        database.run(db -> db.incidents.save(incident));
        database.run(
                db -> assertThat(db.incidents.openOn(asset, NOW.plusSeconds(10).minusSeconds(60), NOW.plusSeconds(70)))
                        .contains(incident));
        database.run(db -> assertThat(db.incidents.openOn(asset, NOW.plusSeconds(3600), NOW.plusSeconds(7200)))
                .isEmpty());
        database.run(db -> assertThat(db.incidents.newest(organisation, 10)).containsExactly(incident));
    }

    @Test
    void rulesComeInTheirOrder() {
        Rule rule = new Rule(
                RuleId.mint(),
                organisation,
                "all",
                true,
                2,
                List.of("generic"),
                50,
                List.of("T1059"),
                "*",
                List.of("endpoint", "crowdstrike"),
                "linux-triage",
                Duration.ofHours(1),
                10,
                Duration.ofMinutes(3),
                Rule.Approval.REQUIRED);
        Rule before = new Rule(
                RuleId.mint(),
                organisation,
                "first",
                true,
                1,
                List.of(),
                0,
                List.of(),
                "*",
                List.of("endpoint", "crowdstrike"),
                "linux-triage",
                Duration.ofMinutes(5),
                3,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE);
        database.run(db -> {
            db.rules.save(rule);
            db.rules.save(before);
            db.rules.save(rule);
        });
        database.run(db -> assertThat(db.rules.all(organisation)).containsExactly(before, rule));
        database.run(db -> assertThat(db.rules.delete(rule.id())).isTrue());
        database.run(db -> assertThat(db.rules.delete(rule.id())).isFalse());
    }

    @Test
    void changesMadeAtTheSameTimeAreAllKept() throws Exception {
        Capture queued = Samples.queued(organisation, database.asset(organisation), Optional.empty());
        database.run(db -> db.captures.save(queued));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                threads.submit(() -> database.run(db -> db.captures.change(queued.id(), Samples::further)));
            }
        }
        database.run(db ->
                assertThat(db.captures.find(queued.id()).orElseThrow().done()).isEqualTo(20));
    }

    @Test
    void aRequestToCancelIsNotTakenBackByALateSave() {
        Capture queued = Samples.queued(organisation, database.asset(organisation), Optional.empty());
        database.run(db -> db.captures.save(queued));
        database.run(db -> db.captures.save(Samples.in(queued, Capture.State.QUEUED, true)));
        database.run(db -> db.captures.save(Samples.in(queued, Capture.State.RUNNING, false)));
        database.run(db ->
                assertThat(db.captures.find(queued.id())).contains(Samples.in(queued, Capture.State.RUNNING, true)));
    }

    @Test
    void whatEndedBeforeATimeIsLeftOut() {
        AssetId asset = database.asset(organisation);
        Capture ended = Samples.queued(organisation, asset, Optional.empty())
                .judged(new Capture.Verdict(false, "user:a", Samples.NOW, "not needed"), "rejected");
        Capture waiting = Samples.queued(organisation, asset, Optional.empty());
        database.run(db -> db.captures.save(ended));
        database.run(db -> db.captures.save(waiting));
        database.run(db -> {
            assertThat(db.captures.ofAsset(asset, Samples.NOW.minusSeconds(1)))
                    .containsExactlyInAnyOrder(ended, waiting);
            assertThat(db.captures.ofAsset(asset, Samples.NOW)).containsExactly(waiting);
        });
    }

    @Test
    void aHostIsCapturedOnceAtATime() {
        AssetId asset = database.asset(organisation);
        database.run(db -> db.captures.save(Samples.queued(organisation, asset, Optional.empty())));
        assertThatThrownBy(() ->
                        database.run(db -> db.captures.save(Samples.queued(organisation, asset, Optional.empty()))))
                .isInstanceOf(ConstraintViolationException.class)
                .hasMessageContaining("capture_active");
    }

    @Test
    void aDecisionTakenAgainReplacesTheOneBefore() {
        Alert alert = Samples.received(organisation);
        Decision decision = new Decision(
                alert.id(),
                organisation,
                Optional.empty(),
                Optional.empty(),
                Decision.Outcome.NO_RULE_MATCHED,
                "no rule",
                NOW,
                Optional.empty());
        database.run(db -> db.alerts.receive(alert, new byte[0]));
        database.run(db -> db.decisions.save(decision));
        database.run(db -> db.decisions.save(decision));
        database.run(db -> assertThat(db.decisions.ofAlert(alert.id())).containsExactly(decision));
    }

    private Asset asset(String name, List<Identifier> identifiers) {
        return new Asset(AssetId.mint(), organisation, name, NOW, Optional.empty(), identifiers);
    }

    private static Asset with(Asset asset, List<Identifier> identifiers) {
        return new Asset(
                asset.id(), asset.organisation(), asset.name(), asset.createdAt(), asset.mergedInto(), identifiers);
    }

    private static Asset mergedInto(Asset asset, AssetId into) {
        return new Asset(
                asset.id(), asset.organisation(), asset.name(), asset.createdAt(), Optional.of(into), List.of());
    }
}
