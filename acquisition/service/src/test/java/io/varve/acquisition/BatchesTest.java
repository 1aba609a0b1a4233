package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.batch.AlertBatch;
import io.varve.acquisition.batch.BatchIntake;
import io.varve.acquisition.batch.Stores;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Alerts read in batches come to the same as alerts read one by one.
@Tag("contained")
final class BatchesTest {
    private static final Clock CLOCK = Clock.fixed(Desk.NOON, ZoneOffset.UTC);
    private static final Budgets BUDGETS = new Budgets(2, 8, Long.MAX_VALUE / 2);

    private final Kept one = new Kept();
    private final Kept many = new Kept();

    @Test
    void batchesComeToTheSameAsOneByOne() {
        List<Rule> rules = List.of(
                Desk.with(Desk.rule(List.of()), Duration.ofHours(1), 5, Rule.Approval.NONE),
                Desk.with(Desk.rule(List.of("crowdstrike")), Duration.ofSeconds(1), 4, Rule.Approval.REQUIRED));
        rules.forEach(one.rules::save);
        rules.forEach(many.rules::save);
        List<String> bodies = bodies();
        List<Alert> alerts = bodies.stream().map(body -> received()).toList();
        for (int i = 0; i < bodies.size(); i++) {
            byte[] raw = bodies.get(i).getBytes(StandardCharsets.UTF_8);
            one.alerts.receive(alerts.get(i), raw);
            many.alerts.receive(alerts.get(i), raw);
        }

        alerts.forEach(intake()::normalise);
        for (int start = 0; start < alerts.size(); start += 37) {
            batch(alerts.subList(start, Math.min(start + 37, alerts.size())));
        }

        assertThat(state(many)).containsExactlyElementsOf(state(one));
        assertThat(decisions(many)).containsExactlyInAnyOrderElementsOf(decisions(one));
        assertThat(incidents(many)).containsExactlyInAnyOrderElementsOf(incidents(one));
        assertThat(assets(many)).containsExactlyInAnyOrderElementsOf(assets(one));
        assertThat(many.captures.rows).hasSameSizeAs(one.captures.rows).isNotEmpty();
        assertThat(one.decisions.rows)
                .extracting(decision -> decision.outcome())
                .contains(
                        Outcome.CAPTURE_REQUESTED,
                        Outcome.AWAITING_APPROVAL,
                        Outcome.ALREADY_CAPTURED,
                        Outcome.BUDGET_SPENT,
                        Outcome.UNREACHABLE,
                        Outcome.NO_ASSET,
                        Outcome.NO_RULE_MATCHED);
    }

    @Test
    void whatIsNotFinishedIsNotWritten() {
        Alert alert = received();
        many.alerts.receive(alert, bodies().getFirst().getBytes(StandardCharsets.UTF_8));

        intakeOfMany().begin(Desk.MAIN, List.of(alert)).normalise(alert);

        assertThat(many.alerts.find(alert.id()).map(Alert::state)).contains(Alert.State.RECEIVED);
        assertThat(many.incidents.rows).isEmpty();
    }

    /// Hosts under several names, bursts, repeats, newer versions, several alerts in a body, and what is no alert.
    private static List<String> bodies() {
        var bodies = new ArrayList<String>();
        for (int i = 0; i < 240; i++) {
            int host = i % 17;
            int severity = i % 5 == 0 ? 20 : 80;
            String time = Desk.NOON
                    .minus(Duration.ofHours(i % 3 == 0 ? 9 : 1))
                    .plusSeconds(i)
                    .toString();
            bodies.add(
                    switch (i % 8) {
                        case 0 ->
                            alert(
                                    i,
                                    severity,
                                    time,
                                    "'host':{'hostname':'h%1$d','agentId':'s%1$d','agentType':'falcon',"
                                            + "'containment':'contained'}",
                                    host);
                        case 1 -> alert(i, severity, time, "'host':'h%d.example.org'", host);
                        case 2 -> alert(i, severity, time, "'host':{'hostname':'h%1$d','ips':['192.0.2.%1$d']}", host);
                        case 3 -> alert(i, severity, time, "'host':{'ips':['192.0.2.%d']}", host);
                        case 4 -> alert(i, severity, time, "'hosts':['h%1$d',{'hostname':'other%1$d'}]", host);
                        case 5 ->
                            "[" + alert(i, severity, time, "'host':'h%d'", host) + ","
                                    + alert(1000 + i, severity, time, "'user':'jo%d'", host) + "]";
                        case 6 -> i % 16 == 6 ? "not JSON" : bodies.get(i / 2);
                        default -> alert(i - 7, 95, time, "'revision':'%d','host':'h1'", i);
                    });
        }
        return bodies.stream().map(body -> body.replace('\'', '"')).toList();
    }

    private static String alert(int id, int severity, String time, String rest, int number) {
        return "{'id':'a%d','title':'Beacon','severity':%d,'time':'%s',%s}"
                .formatted(id, severity, time, rest.formatted(number));
    }

    private static Alert received() {
        return new Alert(
                AlertId.mint(),
                Desk.MAIN,
                "generic",
                Desk.NOON,
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private AlertIntake intake() {
        var service = new CaptureService(one.captures, one.captures, new Containments(one.alerts, one.captures));
        return new AlertIntake(
                one.alerts,
                new AssetIdentity(one.assets, AssetIdentity.ADDRESS_WINDOW),
                new IncidentGrouping(one.incidents, IncidentGrouping.WINDOW),
                new RuleEngine(one.rules, one.captures, one.decisions, service, BUDGETS, RuleEngine.APPROVAL_LIFE),
                CLOCK);
    }

    private void batch(List<Alert> alerts) {
        AlertBatch batch = intakeOfMany().begin(Desk.MAIN, alerts);
        alerts.forEach(batch::normalise);
        batch.finish();
    }

    private BatchIntake intakeOfMany() {
        return new BatchIntake(
                new Stores(
                        many.alerts,
                        many.assets,
                        many.incidents,
                        many.rules,
                        many.captures,
                        many.decisions,
                        new KeptBatches(many, 30)),
                many.captures,
                AlertIntake.Sources.BUILT_IN,
                BUDGETS,
                RuleEngine.APPROVAL_LIFE,
                CLOCK);
    }

    private static List<String> state(Kept kept) {
        return kept.alerts.rows.values().stream()
                .map(alert -> "%s %s %s %s %s %s"
                        .formatted(
                                alert.id(),
                                alert.state(),
                                alert.problem(),
                                alert.normalised().map(NormalisedAlert::revision),
                                alert.asset().flatMap(kept.assets::find).map(Asset::name),
                                alert.incident().flatMap(kept.incidents::find).map(BatchesTest::incident)))
                .sorted()
                .toList();
    }

    private static List<String> incidents(Kept kept) {
        return kept.incidents.rows.values().stream().map(BatchesTest::incident).toList();
    }

    private static String incident(Incident incident) {
        return "%s %d %s %s %d %d"
                .formatted(
                        incident.title(),
                        incident.severity(),
                        incident.firstSeen(),
                        incident.lastSeen(),
                        incident.alerts(),
                        incident.assets().size());
    }

    private static List<String> decisions(Kept kept) {
        return kept.decisions.rows.stream()
                .map(decision ->
                        decision.alert() + " " + decision.rule() + " " + decision.outcome() + " " + decision.reason())
                .toList();
    }

    private static List<List<Asset.Identifier>> assets(Kept kept) {
        return kept.assets.rows.values().stream().map(Asset::identifiers).toList();
    }
}
