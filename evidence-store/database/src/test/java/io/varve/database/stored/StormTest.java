package io.varve.database.stored;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.Budgets;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Many alerts at once: all kept, read and grouped; captures within the budget, and a reason for every one not taken.
@Tag("contained")
final class StormTest {
    private static final int HOSTS = 200;
    private static final int ENROLLED = 150;
    private static final int BUDGET = 60;
    private static final int SENDERS = 8;
    /// Bodies kept in one transaction: the database of tests makes a connection for each.
    private static final int CHUNK = 50;

    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final Intake intake = new Intake(database, organisation, new Budgets(1, 100, Long.MAX_VALUE / 2));
    private final Instant at = Instant.now();

    @Test
    void aThousandAlertsAndTheSameAgain(TestReporter report) throws Exception {
        storm(1_000, report);
        List<Incident> incidents = database.transaction(db -> db.incidents.newest(organisation, 1_000));
        Map<Outcome, Long> decisions = decisions(incidents);
        int captures = captures();

        send(1_000);
        intake.readAll();

        List<Incident> after = database.transaction(db -> db.incidents.newest(organisation, 1_000));
        assertThat(after).containsExactlyInAnyOrderElementsOf(incidents);
        assertThat(decisions(after)).isEqualTo(decisions);
        assertThat(captures()).isEqualTo(captures);
    }

    @Tag("slow")
    @Test
    void fiftyThousandAlerts(TestReporter report) throws Exception {
        storm(50_000, report);
    }

    private void storm(int alerts, TestReporter report) throws Exception {
        IntStream.range(0, ENROLLED).forEach(host -> intake.enrol("agent-" + organisation + "-" + host, "host" + host));
        database.run(db -> db.rules.save(rule()));
        long start = System.nanoTime();
        send(alerts);
        report.publishEntry("kept per second", rate(alerts, start));
        start = System.nanoTime();
        intake.readAll();
        report.publishEntry("read per second", rate(alerts, start));

        database.run(
                db -> assertThat(db.alerts.unreadCount(organisation, alerts)).isZero());
        List<Incident> incidents = database.transaction(db -> db.incidents.newest(organisation, 1_000));
        assertThat(incidents).hasSize(HOSTS);
        assertThat(incidents.stream().mapToInt(Incident::alerts).sum()).isEqualTo(alerts);
        Map<Outcome, Long> decisions = decisions(incidents);
        assertThat(decisions.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(alerts);
        assertThat(decisions).containsEntry(Outcome.CAPTURE_REQUESTED, (long) BUDGET);
        assertThat(decisions)
                .containsOnlyKeys(
                        Outcome.CAPTURE_REQUESTED, Outcome.ALREADY_CAPTURED, Outcome.BUDGET_SPENT, Outcome.UNREACHABLE);
        assertThat(captures()).isEqualTo(BUDGET);
        Incident largest = incidents.getFirst();
        List<Alert> shown = database.transaction(db -> db.alerts.ofIncident(largest.id(), 200));
        assertThat(shown).hasSize(Math.min(200, largest.alerts()));
    }

    private int captures() {
        return database.transaction(db -> db.captures.newest(organisation, 1_000))
                .size();
    }

    private Map<Outcome, Long> decisions(List<Incident> incidents) {
        var sums = new EnumMap<Outcome, Long>(Outcome.class);
        database.run(db -> incidents.forEach(incident ->
                db.decisions.counts(incident.id()).forEach((outcome, count) -> sums.merge(outcome, count, Long::sum))));
        return sums;
    }

    private void send(int alerts) throws InterruptedException, ExecutionException {
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<?>> sent = IntStream.range(0, alerts / CHUNK)
                    .<Future<?>>mapToObj(chunk ->
                            senders.submit(() -> intake.receive(IntStream.range(chunk * CHUNK, (chunk + 1) * CHUNK)
                                    .mapToObj(this::body)
                                    .toList())))
                    .toList();
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private byte[] body(int number) {
        return """
                {"id":"storm-%d","title":"Beacon","severity":90,"host":"host%d","time":"%s","techniques":["T1071"],
                 "processes":[{"image":"/tmp/beacon","commandLine":"beacon %d","pid":%d}]}
                """.formatted(number, number % HOSTS, at.plusMillis(number), number, 1000 + number)
                .getBytes(StandardCharsets.UTF_8);
    }

    private Rule rule() {
        return new Rule(
                RuleId.mint(),
                organisation,
                "storm",
                true,
                1,
                List.of(),
                60,
                List.of(),
                "*",
                List.of(),
                "triage",
                Duration.ofHours(1),
                BUDGET,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE);
    }

    private static String rate(int alerts, long start) {
        return String.format(Locale.ROOT, "%.0f", alerts * 1e9 / (System.nanoTime() - start));
    }
}
