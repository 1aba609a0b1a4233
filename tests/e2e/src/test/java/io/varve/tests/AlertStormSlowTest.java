package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.device.Device;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// 50,000 alerts of seven sources in a storm, over the public interface, about 400 hosts of which 30 are contained ones
/// that CrowdStrike really reaches: all are kept, read and grouped, as many hosts are captured as the rule may, and
/// every capture not taken has its reason.
@Tag("slow")
final class AlertStormSlowTest {
    private static final int ALERTS = 50_000;
    private static final int HOSTS = 400;
    private static final int CONTAINED = 30;
    private static final int BUDGET = 20;
    private static final int SENDERS = 16;
    private static final int SLICE = 2_000;

    /// So few that the storm meets it: its senders are told to come back.
    private static final int BACKLOG = 10_000;

    private static final Duration LONG = Duration.ofMinutes(30);
    private static final long MOST_MEMORY = 1L << 30;
    private static final Figures FIGURES = new Figures("storm.txt");

    /// The names of contained hosts, without the rest of the fleet.
    private static final String FLEET = "storm-falcon";

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();

    private final AtomicInteger refused = new AtomicInteger();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "no sandboxes on this machine: contained hosts are skipped");
        varve = Installation.start(
                folder.resolve("data"),
                Map.of("_JAVA_OPTIONS", "-Xmx512m", "VARVE_ALERTS_BACKLOG", Integer.toString(BACKLOG)));
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
    }

    @Test
    void fifty_thousand_alerts_are_kept_grouped_and_captured_within_the_budget() throws Exception {
        var falcon = new CrowdStrikeScene(varve, FLEET + "-00", folder);
        try (var fleet = new Fleet(falcon);
                Database database = Database.of(varve)) {
            fleet.grow(CONTAINED, FLEET, folder);
            falcon.attach(Map.of());
            rule();
            List<AlertStorm.Host> contained = fleet.devices().stream()
                    .map(device -> new AlertStorm.Host(device.facts().hostname(), "crowdstrike", falcon.sensor(device)))
                    .toList();
            var storm = new AlertStorm(ALERTS, contained, HOSTS, Instant.now());
            var worker = new RunningProcess(varve.pid("worker"));
            var web = new RunningProcess(varve.pid("web"));

            Instant begun = Instant.now();
            send(storm.all());
            Duration posted = Duration.between(begun, Instant.now());
            awaitRead(database, ALERTS);
            Duration read = Duration.between(begun, Instant.now());
            awaitCaptured(begun);
            FIGURES.add(
                    "%,d alerts posted in %s, %.0f/s, %d times told to come back; all read after %s, %.0f/s;"
                            + " worker at most %d MiB, web %d MiB",
                    ALERTS,
                    Figures.seconds(posted),
                    Figures.rate(ALERTS, posted),
                    refused.get(),
                    Figures.seconds(read),
                    Figures.rate(ALERTS, read),
                    worker.mostMemory() >> 20,
                    web.mostMemory() >> 20);

            keptAndGrouped(database, storm);
            decided(database, storm);
            captured(database);
            shown(database);

            Map<String, String> before = state(database);
            send(storm.all().limit(SLICE));
            awaitRead(database, ALERTS + SLICE);
            assertThat(database.number("select count(*) from alert where state = 'REPEAT'"))
                    .isEqualTo(SLICE);
            assertThat(state(database)).isEqualTo(before);

            assertThat(worker.pid()).as("no other worker took over").isEqualTo(varve.pid("worker"));
            assertThat(worker.mostMemory()).isLessThan(MOST_MEMORY);
            falcon.emulator().assertNoContainmentCalls();
            assertThat(fleet.left()).as("left on hosts").isEmpty();
        }
    }

    /// Alone: the rule that every installation begins with would capture too.
    private static void rule() throws IOException {
        for (JsonNode usual : varve.get("/api/v1/rules").path("items")) {
            varve.delete("/api/v1/rules/" + usual.path("id").asText());
        }
        varve.post("/api/v1/rules", """
                {"name":"Severe alerts in the storm","minimumSeverity":60,"assetPattern":"*","providers":["crowdstrike"],
                 "profile":"triage","dedupeWindow":"PT12H","dailyBudget":%d}""".formatted(BUDGET));
    }

    private void send(Stream<AlertStorm.Sent> alerts) throws IOException, InterruptedException, ExecutionException {
        String key = varve.alertKey();
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<?>> sent = alerts.<Future<?>>map(alert -> senders.submit(() -> {
                        post(alert, key);
                        return null;
                    }))
                    .toList();
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    /// Comes back as often as it is told to, when it is told to.
    private void post(AlertStorm.Sent alert, String key) throws IOException {
        HttpResponse<String> answer = varve.postAlert(alert.source(), key, alert.body());
        while (answer.statusCode() == 429 || answer.statusCode() == 503) {
            refused.incrementAndGet();
            long seconds =
                    Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow());
            Awaitility.await()
                    .pollDelay(Duration.ofSeconds(seconds))
                    .atMost(LONG)
                    .until(() -> true);
            answer = varve.postAlert(alert.source(), key, alert.body());
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static void awaitRead(Database database, int alerts) {
        Awaitility.await("all alerts are read")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> database.number("select count(*) from alert where state <> 'RECEIVED'") == alerts);
    }

    private static void awaitCaptured(Instant begun) throws IOException {
        List<JsonNode> captures = Awaitility.await("all captures end")
                .atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> varve.get("/api/v1/captures?limit=1000")
                                .path("items")
                                .valueStream()
                                .toList(),
                        found -> found.stream()
                                .allMatch(capture ->
                                        Host.ended(capture.path("state").asText())));
        assertThat(captures)
                .allSatisfy(capture -> assertThat(capture.path("state").asText())
                        .as(capture.toString())
                        .isEqualTo("captured"));
        Instant last = captures.stream()
                .map(capture -> Instant.parse(capture.path("endedAt").asText()))
                .max(Instant::compareTo)
                .orElseThrow();
        FIGURES.add(
                "%d contained hosts captured in the storm, the last sealed after %s",
                captures.size(), Figures.seconds(Duration.between(begun, last)));
    }

    private static void keptAndGrouped(Database database, AlertStorm storm) throws SQLException {
        assertThat(database.numbers("select state, count(*) from alert group by state"))
                .isEqualTo(Map.of("NORMALISED", (long) storm.size()));
        assertThat(database.number("select count(*) from alert where problem is not null"))
                .isZero();
        assertThat(database.number("select count(*) from alert_raw where length(body) > 0"))
                .isEqualTo(storm.size());
        assertThat(database.number("select count(distinct (source, source_alert_id)) from alert"))
                .isEqualTo(storm.size());
        assertThat(database.numbers("select source, count(*) from alert group by source"))
                .containsOnlyKeys("guardduty", "crowdstrike", "graph", "sentinelone", "ocsf", "darktrace", "generic");

        assertThat(database.number("select count(distinct asset) from alert")).isEqualTo(HOSTS);
        assertThat(database.number("select count(*) from incident")).isEqualTo(storm.incidents());
        assertThat(database.rows("select asset from alert where asset is not null group by asset"
                        + " having count(distinct incident) <> 2"))
                .as("hosts without two bursts")
                .isEmpty();
        assertThat(database.rows("select i.id from incident i left join alert a on a.incident = i.id"
                        + " group by i.id having i.alerts <> count(a.id)"))
                .as("incidents that count wrongly")
                .isEmpty();
        assertThat(database.rows("select incident from alert group by incident having count(distinct asset) > 1"))
                .as("incidents about several hosts")
                .isEmpty();
    }

    private static void decided(Database database, AlertStorm storm) throws SQLException {
        assertThat(database.number("select count(distinct alert) from decision"))
                .as("every alert has a reason")
                .isEqualTo(storm.size());
        assertThat(database.number("select count(*) from decision")).isEqualTo(storm.size());
        assertThat(database.number("select count(*) from decision where length(reason) < 10"))
                .isZero();
        Map<String, Long> outcomes = database.numbers("select outcome, count(*) from decision group by outcome");
        assertThat(outcomes)
                .containsOnlyKeys(
                        "CAPTURE_REQUESTED",
                        "ALREADY_CAPTURED",
                        "BUDGET_SPENT",
                        "UNREACHABLE",
                        "NO_ASSET",
                        "NO_RULE_MATCHED")
                .containsEntry("CAPTURE_REQUESTED", (long) BUDGET)
                .containsEntry("NO_ASSET", (long) AlertStorm.LONERS)
                .containsEntry("NO_RULE_MATCHED", storm.mild());

        assertThat(outcomes(database, "a.name not like '" + FLEET + "%' and d.rule is not null"))
                .as("hosts that CrowdStrike does not know")
                .isEqualTo(Map.of("UNREACHABLE", storm.severeOutsideCrowdStrike()));
        assertThat(outcomes(database, "d.asset in (select asset from capture) and d.rule is not null"))
                .as("captured hosts")
                .containsOnlyKeys("CAPTURE_REQUESTED", "ALREADY_CAPTURED", "UNREACHABLE");
        assertThat(outcomes(
                        database,
                        "a.name like '" + FLEET
                                + "%' and d.asset not in (select asset from capture) and d.rule is not null"))
                .as("contained hosts beyond the budget")
                .containsOnlyKeys("BUDGET_SPENT", "UNREACHABLE");
        assertThat(database.rows("select a.asset from decision d join alert a on a.id = d.alert"
                        + " join asset s on s.id = a.asset where s.name like '" + FLEET + "%' group by a.asset"
                        + " having max(d.at) filter (where d.outcome = 'UNREACHABLE')"
                        + " > min(d.at) filter (where d.outcome not in ('UNREACHABLE', 'NO_RULE_MATCHED'))"))
                .as("contained hosts that were out of reach after their sensor was known")
                .isEmpty();
        assertThat(database.number("select count(*) from decision d join alert a on a.id = d.alert"
                        + " join capture c on c.id = d.capture where c.asset = a.asset"
                        + " and d.outcome in ('CAPTURE_REQUESTED', 'ALREADY_CAPTURED')"))
                .as("decisions that name the capture of their host")
                .isEqualTo(
                        outcomes.getOrDefault("CAPTURE_REQUESTED", 0L) + outcomes.getOrDefault("ALREADY_CAPTURED", 0L));
    }

    /// Outcomes of decisions `d` about alerts of assets `a`.
    private static Map<String, Long> outcomes(Database database, String condition) throws SQLException {
        return database.numbers("""
                select d.outcome, count(*) from
                (select d.outcome, d.rule, x.asset from decision d join alert x on x.id = d.alert) d
                join asset a on a.id = d.asset where %s group by d.outcome""".formatted(condition));
    }

    private static void captured(Database database) throws SQLException {
        assertThat(database.numbers("select state, count(*) from capture group by state"))
                .isEqualTo(Map.of("CAPTURED", (long) BUDGET));
        assertThat(database.number("select count(distinct asset) from capture")).isEqualTo(BUDGET);
        assertThat(database.rows("select c.id from capture c join asset a on a.id = c.asset where a.name not like '"
                        + FLEET + "%'"))
                .isEmpty();
    }

    /// A person finds the same over the interface, in reasonable time.
    private static void shown(Database database) throws IOException, SQLException {
        Instant asked = Instant.now();
        JsonNode incidents = varve.get("/api/v1/incidents");
        assertThat(incidents.path("items")).isNotEmpty();
        Duration list = Duration.between(asked, Instant.now());
        String spent = database.rows("select alert from decision where outcome = 'BUDGET_SPENT' limit 1")
                .getFirst();
        JsonNode decision =
                varve.get("/api/v1/decisions?alert=" + spent).path("items").path(0);
        assertThat(decision.path("outcome").asText()).isEqualTo("budget_spent");
        assertThat(decision.path("reason").asText()).contains("%d of %d captures today".formatted(BUDGET, BUDGET));

        String largest = database.rows("select id from incident where id in (select incident from capture)"
                        + " order by alerts desc limit 1")
                .getFirst();
        asked = Instant.now();
        JsonNode forensics = varve.get("/api/v1/incidents/" + largest + "/forensics");
        assertThat(forensics.path("alerts")).isNotEmpty();
        FIGURES.add(
                "after the storm: list of incidents %s, Forensics tab of the largest %s",
                Figures.seconds(list), Figures.seconds(Duration.between(asked, Instant.now())));
    }

    /// All that a repeated alert must leave alone.
    private static Map<String, String> state(Database database) throws SQLException {
        var state = new LinkedHashMap<String, String>();
        for (String table : List.of(
                "(select id, state, normalised, asset, incident from alert where state = 'NORMALISED')",
                "incident",
                "decision",
                "(select id, state, asset from capture)",
                "asset",
                "asset_identifier")) {
            state.put(
                    table,
                    database.rows("select count(*) || ' ' || md5(string_agg(r::text, ',' order by r::text)) from "
                                    + table + " r")
                            .getFirst());
        }
        return state;
    }
}
