package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every process is killed with -9 in the middle of its work; nothing is lost and nothing is doubled.
@Tag("kill")
final class KillTest {
    private static final int LINES = 40_000;
    private static final long BALLAST = 60L << 20;

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static Host host = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        varve = Installation.start(folder.resolve("data"));
        host = Host.enrol(varve, folder.resolve("agent"), HostTree.make(folder.resolve("root"), LINES, BALLAST));
    }

    @AfterAll
    static void stop() {
        varve.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "web", "postgres"})
    void a_capture_survives_the_death_of(String child) throws IOException {
        JsonNode capture = host.capture();
        host.awaitCapture(
                capture,
                "bytes arrive",
                c -> c.path("done").asLong() > 0 && !Host.ended(c.path("state").asText()));
        assertThat(varve.get("/api/v1/captures/" + capture.path("id").asText())
                        .path("state")
                        .asText())
                .as("killed in the middle")
                .isEqualTo("running");
        varve.kill(child);
        varve.awaitReady();
        varve.signIn();
        expectWhole(capture);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "web", "postgres", "engine"})
    void processing_survives_the_death_of(String child) throws IOException {
        JsonNode capture = host.capture();
        host.awaitEvidence(
                capture,
                "events appear",
                e -> e.path("processing").path("state").asText().equals("running")
                        && e.path("processing").path("events").asLong() > 0);
        if (child.equals("engine")) {
            killEngine();
        } else {
            varve.kill(child);
        }
        varve.awaitReady();
        varve.signIn();
        expectWhole(capture);
    }

    @Test
    void a_restart_finds_all_data() throws IOException {
        JsonNode capture = host.capture();
        host.awaitProcessed(capture);
        varve.restart();
        assertThat(host.count(capture, "marker*")).isEqualTo(LINES);
    }

    private static void expectWhole(JsonNode capture) throws IOException {
        JsonNode evidence = host.awaitProcessed(capture);
        assertThat(evidence.path("state").asText()).isEqualTo("sealed");
        assertThat(evidence.path("processing").path("state").asText())
                .as(evidence.toString())
                .isEqualTo("done");
        assertThat(host.count(capture, "marker*")).as("lines on the timeline").isEqualTo(LINES);
        JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
        assertThat(verified.path("problems").toString()).isEqualTo("[]");
        List<String> sealed = varve
                .get("/api/v1/evidence/" + Host.evidence(capture) + "/custody")
                .path("items")
                .findValuesAsText("action")
                .stream()
                .filter("sealed"::equals)
                .toList();
        assertThat(sealed).as("sealed once").hasSize(1);
    }

    private static void killEngine() throws IOException {
        long worker = varve.pid("worker");
        Awaitility.await("an engine runs")
                .atMost(Duration.ofSeconds(30))
                .until(() -> engines(worker).findAny().isPresent());
        engines(worker).forEach(ProcessHandle::destroyForcibly);
    }

    private static java.util.stream.Stream<ProcessHandle> engines(long worker) {
        return ProcessHandle.of(worker).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains("io.varve.engine.Main"))
                        .orElse(false));
    }
}
