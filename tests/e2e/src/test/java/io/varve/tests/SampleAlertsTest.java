package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every real answer and alert of the vendors' contracts, sent over the public interface as a vendor would, where the
/// samples are at hand. Which of them are alerts, and what is read from them, the tests of the sources say.
@Tag("contained")
final class SampleAlertsTest {
    private static final Path SAMPLES = Path.of(System.getProperty("varve.corpus", "."), "../../contracts/samples");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int FEWEST = 100;

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    private record Sent(String source, byte[] body) {}

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(SAMPLES), "no samples of the contracts beside the corpus");
        varve = Installation.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
    }

    @Test
    void every_sample_is_taken_in_and_sending_all_again_changes_nothing() throws IOException, SQLException {
        List<Sent> samples = samples();
        try (Database database = Database.of(varve)) {
            send(samples);
            awaitRead(database);
            List<String> state = state(database);
            assertThat(database.number("select count(*) from alert where state = 'NORMALISED'"))
                    .isGreaterThan(FEWEST);
            assertThat(database.number("select count(*) from alert_raw")).isGreaterThanOrEqualTo(samples.size());
            assertThat(database.rows("select problem from alert where state = 'REJECTED'"))
                    .as("a refusal says why")
                    .allSatisfy(problem -> assertThat(problem).isNotBlank().doesNotContain("failed here"));

            send(samples);
            awaitRead(database);
            assertThat(state(database)).isEqualTo(state);
        }
    }

    private static void send(List<Sent> samples) throws IOException {
        String key = varve.alertKey();
        for (Sent sample : samples) {
            HttpResponse<String> answer = varve.postAlert(sample.source, key, sample.body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
    }

    private static void awaitRead(Database database) {
        Awaitility.await("all alerts are read")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> database.number("select count(*) from alert where state = 'RECEIVED'") == 0);
    }

    /// All that a repeated alert must leave alone.
    private static List<String> state(Database database) throws SQLException {
        var state = new ArrayList<String>();
        state.addAll(database.rows(
                "select a::text from alert a where state = 'NORMALISED' order by source, source_alert_id"));
        state.addAll(database.rows("select i::text from incident i order by id"));
        state.addAll(database.rows("select d::text from decision d join alert a on a.id = d.alert"
                + " where a.state = 'NORMALISED' and d.about is null order by d.id"));
        state.addAll(database.rows("select id from capture order by id"));
        return state;
    }

    private static List<Sent> samples() throws IOException {
        var samples = new ArrayList<Sent>();
        for (String vendor : List.of("alerts", "crowdstrike", "darktrace", "defender", "sentinelone")) {
            try (Stream<Path> files = Files.list(SAMPLES.resolve(vendor))) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    bodies(file).forEach(body -> samples.add(new Sent(source(vendor, name), body)));
                }
            }
        }
        return samples;
    }

    /// Samples of one repository wrap each event for its tests as `{name, event}`.
    private static List<byte[]> bodies(Path file) throws IOException {
        if (!file.getFileName().toString().startsWith("panther_")) {
            return List.of(Files.readAllBytes(file));
        }
        var bodies = new ArrayList<byte[]>();
        for (JsonNode test : JSON.readTree(file.toFile())) {
            bodies.add(JSON.writeValueAsBytes(test.path("event")));
        }
        return bodies;
    }

    private static String source(String vendor, String name) {
        if (vendor.equals("defender")) {
            return name.contains("graph") ? "graph" : "defender";
        }
        if (!vendor.equals("alerts")) {
            return vendor;
        }
        if (name.startsWith("eventbridge_securityhub") || name.startsWith("ocsf_sechub-guardduty.raw")) {
            return "securityhub";
        }
        return Stream.of("ocsf", "scc", "sentinel", "guardduty")
                .filter(name::contains)
                .findFirst()
                .orElse("generic");
    }
}
