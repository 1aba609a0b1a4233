package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Incident;
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
import org.junit.jupiter.api.Test;

class AlertIntakeTest {
    private static final Organisation MAIN = Organisation.DEFAULT;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Kept kept = new Kept();
    private Instant now = NOON;
    private final AssetIdentity identity = new AssetIdentity(kept.assets, AssetIdentity.ADDRESS_WINDOW);
    private final AlertIntake intake = new AlertIntake(
            kept.alerts,
            identity,
            new IncidentGrouping(kept.incidents, IncidentGrouping.WINDOW),
            new RuleEngine(
                    kept.rules,
                    kept.captures,
                    kept.decisions,
                    new CaptureService(kept.captures, kept.captures, new Containments(kept.alerts, kept.captures)),
                    Budgets.USUAL,
                    RuleEngine.APPROVAL_LIFE),
            clock());

    @Test
    void anAlertOnAnEnrolledHostRequestsACapture() {
        rule(60, Duration.ofHours(1), 20);
        Asset host = enrol("agent-1", "web01");

        Alert alert = receive("generic", "{'id':'1','title':'Shell','severity':90,'host':'WEB01.'}");

        assertThat(alert.state()).isEqualTo(Alert.State.NORMALISED);
        assertThat(alert.asset()).contains(host.id());
        Capture capture = kept.captures.rows.values().iterator().next();
        assertThat(capture.target()).isEqualTo("agent-1");
        assertThat(capture.incident()).isEqualTo(alert.incident());
        assertThat(decisions(alert)).containsExactly(Outcome.CAPTURE_REQUESTED);
    }

    @Test
    void theSameAlertTwiceIsOne() {
        rule(60, Duration.ofHours(1), 20);
        enrol("agent-1", "web01");
        Alert first = receive("generic", "{'id':'1','title':'Shell','severity':90,'host':'web01'}");

        Alert second = receive("generic", "{'id':'1','title':'Shell','severity':90,'host':'web01'}");

        assertThat(second.state()).isEqualTo(Alert.State.REPEAT);
        assertThat(second.incident()).isEqualTo(first.incident());
        assertThat(onlyIncident().alerts()).isEqualTo(1);
        assertThat(kept.captures.rows).hasSize(1);
    }

    @Test
    void aNewerVersionRevisesTheFirstAndMayMatchMoreRules() {
        rule(60, Duration.ofHours(1), 20);
        enrol("agent-1", "web01");
        Alert first = receive("generic", "{'id':'1','title':'Odd','severity':30,'host':'web01'}");
        assertThat(decisions(first)).containsExactly(Outcome.NO_RULE_MATCHED);

        receive("generic", "{'id':'1','title':'Very odd','severity':90,'host':'web01'}");

        Alert revised = kept.alerts.find(first.id()).orElseThrow();
        assertThat(revised.normalised().orElseThrow().title()).isEqualTo("Very odd");
        assertThat(onlyIncident().severity()).isEqualTo(90);
        assertThat(decisions(first)).containsExactly(Outcome.NO_RULE_MATCHED, Outcome.CAPTURE_REQUESTED);
    }

    @Test
    void readingAnAlertAgainChangesNothing() {
        rule(60, Duration.ofHours(1), 20);
        enrol("agent-1", "web01");
        Alert alert = receive("generic", "[{'id':'1','severity':90,'host':'web01'},{'id':'2','host':'web01'}]");

        intake.normalise(alert.id());

        assertThat(kept.alerts.rows).hasSize(2);
        assertThat(onlyIncident().alerts()).isEqualTo(2);
        assertThat(kept.decisions.rows).hasSize(2);
    }

    @Test
    void aSecondCaptureWithinTheWindowIsNotTaken() {
        rule(60, Duration.ofHours(1), 20);
        enrol("agent-1", "web01");
        receive("generic", "{'id':'1','severity':90,'host':'web01'}");
        finishCaptures();

        Alert second = receive("generic", "{'id':'2','severity':90,'host':'web01'}");
        now = NOON.plus(Duration.ofMinutes(61));
        Alert third = receive("generic", "{'id':'3','severity':90,'host':'web01'}");

        assertThat(decisions(second)).containsExactly(Outcome.ALREADY_CAPTURED);
        assertThat(decisions(third)).containsExactly(Outcome.CAPTURE_REQUESTED);
    }

    @Test
    void theDailyBudgetIsKept() {
        rule(60, Duration.ZERO, 1);
        enrol("agent-1", "web01");
        enrol("agent-2", "web02");
        receive("generic", "{'id':'1','severity':90,'host':'web01'}");

        Alert second = receive("generic", "{'id':'2','severity':90,'host':'web02'}");
        now = NOON.plus(Duration.ofDays(1));
        Alert nextDay = receive("generic", "{'id':'3','severity':90,'host':'web02'}");

        assertThat(decisions(second)).containsExactly(Outcome.BUDGET_SPENT);
        assertThat(decisions(nextDay)).containsExactly(Outcome.CAPTURE_REQUESTED);
    }

    @Test
    void everyCaptureNotTakenHasAReason() {
        Alert noRule = receive("generic", "{'id':'1','severity':90,'host':'web01'}");
        rule(60, Duration.ZERO, 20);
        Alert unreachable = receive("generic", "{'id':'2','severity':90,'host':'web01'}");
        Alert noAsset = receive("generic", "{'id':'3','severity':90}");
        Alert low = receive("generic", "{'id':'4','severity':10,'host':'web01'}");

        assertThat(decisions(noRule)).containsExactly(Outcome.NO_RULE_MATCHED);
        assertThat(decisions(unreachable)).containsExactly(Outcome.UNREACHABLE);
        assertThat(decisions(noAsset)).containsExactly(Outcome.NO_ASSET);
        assertThat(kept.decisions.ofAlert(low.id()).getFirst().reason()).contains("severity 10 is below 60");
        assertThat(kept.decisions.rows)
                .allSatisfy(decision -> assertThat(decision.reason()).isNotBlank());
    }

    @Test
    void alertsOnOneAssetWithinAnHourAreOneIncident() {
        receive("generic", "{'id':'1','title':'Low','severity':30,'host':'web01','time':'2026-11-22T10:00:00Z'}");
        receive("generic", "{'id':'2','title':'High','severity':80,'host':'web01','time':'2026-11-22 10:59:00'}");
        Incident one = onlyIncident();
        assertThat(one.title()).isEqualTo("High");
        assertThat(one.firstSeen()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(one.lastSeen()).isEqualTo("2026-11-22T10:59:00Z");

        receive("generic", "{'id':'3','severity':80,'host':'web01','time':'2026-11-22T12:00:00Z'}");
        receive("generic", "{'id':'4','severity':80,'host':'web02','time':'2026-11-22T10:30:00Z'}");

        assertThat(kept.incidents.rows).hasSize(3);
    }

    @Test
    void aHostNameWithMarkupIsText() {
        Alert alert = receive("generic", "{'id':'1','host':'<script>alert(1)</script>'}");

        Asset asset = kept.assets.find(alert.asset().orElseThrow()).orElseThrow();
        assertThat(asset.name()).isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void whatIsNotReadableIsRejectedWithTheReason() {
        Alert broken = receive("generic", "{'id':");
        Alert foreign = receive("darktrace", "{'hello':1}");

        assertThat(broken.state()).isEqualTo(Alert.State.REJECTED);
        assertThat(foreign.problem().orElseThrow()).contains("not a Darktrace");
    }

    @Test
    void anAlertAboutTheFarFutureIsAboutNow() {
        Alert alert = receive("generic", "{'id':'1','host':'a','firstSeen':'2150-01-01T00:00:00Z'}");

        assertThat(alert.normalised().orElseThrow().firstSeen()).isEqualTo(NOON);
    }

    private Alert receive(String source, String body) {
        var alert = new Alert(
                AlertId.mint(),
                MAIN,
                source,
                now,
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        kept.alerts.receive(alert, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        intake.normalise(alert.id());
        return kept.alerts.find(alert.id()).orElseThrow();
    }

    private Asset enrol(String agent, String name) {
        return identity.enrol(MAIN, Sighting.ofAgent(agent, name, Optional.empty(), List.of(), now));
    }

    private void rule(int severity, Duration window, int budget) {
        kept.rules.save(new Rule(
                RuleId.mint(),
                MAIN,
                "High",
                true,
                1,
                List.of(),
                severity,
                List.of(),
                "*",
                List.of("endpoint"),
                "triage",
                window,
                budget,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE));
    }

    private void finishCaptures() {
        kept.captures.rows.replaceAll((id, capture) -> new Capture(
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
                Capture.State.CAPTURED,
                false,
                capture.steps(),
                1,
                1,
                "",
                capture.plan()));
    }

    private List<Outcome> decisions(Alert alert) {
        return kept.decisions.ofAlert(alert.id()).stream()
                .map(Decision::outcome)
                .toList();
    }

    private Incident onlyIncident() {
        assertThat(kept.incidents.rows).hasSize(1);
        return kept.incidents.rows.values().iterator().next();
    }

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }
}
