package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.RecordedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many contained hosts at once, and a large capture, with a worker of 512 MiB. The figures go to
/// `target/figures/contained.txt`, and from there into `docs/benchmarks.md`.
@Tag("slow")
final class ContainedSlowTest {
    private static final String HEAP = "-Xmx512m";
    private static final long HEAP_BYTES = 512L << 20;
    /// Heap, classes, code, threads and buffers of a worker with that heap.
    private static final long MOST_MEMORY = 1L << 30;

    private static final long LARGE = 2L << 30;
    private static final int LARGE_FILES = 4;
    private static final Duration LONG = Duration.ofMinutes(40);

    private static final Figures FIGURES = new Figures("contained.txt");

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    private interface Setting {
        VendorScene set(Installation varve, String host, Path folder) throws IOException;
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "no sandboxes on this machine: contained hosts are skipped");
        // comes after a command's own arguments, so it holds for the worker whatever its supervisor says
        varve = Installation.start(folder.resolve("data"), Map.of("_JAVA_OPTIONS", HEAP));
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
    }

    @Test
    void forty_hosts_at_once_through_crowdstrike() throws IOException {
        many(40, "crowdstrike-many", CrowdStrikeScene::new, Map.of());
    }

    /// One call a second for scripts and their runs: looks as rarely as usual, or looking takes all of them.
    @Test
    void forty_hosts_at_once_through_sentinelone() throws IOException {
        many(40, "sentinelone-many", SentinelOneScene::new, Map.of("poll_seconds", "10", "state_seconds", "30"));
    }

    /// Ten live responses a minute: looks as rarely as usual, in parts of the usual size.
    @Test
    void forty_hosts_at_once_through_defender() throws IOException {
        many(
                40,
                "defender-many",
                DefenderScene::new,
                Map.of("poll_seconds", "10", "look_seconds", "30", "part_size", "134217728"));
    }

    @Test
    void two_gibibytes_through_crowdstrike() throws IOException {
        large("crowdstrike-large", CrowdStrikeScene::new, Map.of("part_size", "134217728"));
    }

    @Test
    void two_gibibytes_through_sentinelone() throws IOException {
        large("sentinelone-large", SentinelOneScene::new, Map.of("part_kilobytes", "9216"));
    }

    @Test
    void two_gibibytes_through_defender() throws IOException {
        large("defender-large", DefenderScene::new, Map.of("part_size", "134217728"));
    }

    private static void many(int hosts, String name, Setting setting, Map<String, String> settings) throws IOException {
        try (var fleet = new Fleet(setting.set(varve, name + "-00", folder))) {
            VendorScene scene = fleet.scene;
            fleet.grow(hosts, name, folder);
            scene.connect(name + "-*", "triage", settings);
            var worker = new RunningProcess(varve.pid("worker"));
            Instant begun = Instant.now();
            fleet.detected();
            List<JsonNode> captures = awaitEnded(scene, hosts);

            assertThat(captures)
                    .allSatisfy(capture -> assertThat(capture.path("state").asText())
                            .as(capture.toString())
                            .isEqualTo("captured"))
                    .hasSize(hosts);
            FIGURES.add(
                    "%s, %d hosts at once: %s to the last seal, a host %s to %s; %s; worker at most %d MiB",
                    scene.vendor(),
                    hosts,
                    seconds(begun, last(captures)),
                    shortest(captures),
                    longest(captures),
                    calls(scene),
                    worker.mostMemory() >> 20);
            for (JsonNode capture : captures) {
                contained(scene, capture);
            }
            scene.emulator().assertNoContainmentCalls();
            assertThat(fleet.left()).as("left on hosts").isEmpty();
            assertThat(scene.leftInCloud()).as("left in the vendor's cloud").isEmpty();
            small(worker);
            captures.forEach(scene::awaitProcessed);
            FIGURES.add("%s, %d hosts at once: %s to the last timeline", scene.vendor(), hosts, seconds(begun));
        }
    }

    private static List<JsonNode> awaitEnded(VendorScene scene, int hosts) {
        return Awaitility.await("all captures end")
                .atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(IOException.class)
                .until(
                        () -> captures(scene),
                        found -> found.size() >= hosts
                                && found.stream()
                                        .allMatch(capture ->
                                                Host.ended(capture.path("state").asText())));
    }

    private static List<JsonNode> captures(VendorScene scene) throws IOException {
        return varve.get("/api/v1/captures?limit=1000")
                .path("items")
                .valueStream()
                .filter(capture -> capture.path("provider").asText().equals(scene.vendor()))
                .filter(capture -> capture.path("profile").asText().equals("triage"))
                .toList();
    }

    private static void large(String name, Setting setting, Map<String, String> settings) throws IOException {
        try (VendorScene scene = setting.set(varve, name, folder)) {
            for (int i = 1; i <= LARGE_FILES; i++) {
                scene.device.put("/var/log/syslog." + i, new RandomBytes(i, LARGE / LARGE_FILES));
            }
            scene.settled();
            scene.connect(scene.host, "logs", settings);
            var worker = new RunningProcess(varve.pid("worker"));
            JsonNode capture = awaitLogs(scene.detected());
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            assertThat(capture.path("done").asLong()).isGreaterThanOrEqualTo(LARGE);

            Duration took = took(capture);
            FIGURES.add(
                    "%s, 2 GiB: %d MB in %s, %.1f MB/s; %s; worker at most %d MiB",
                    scene.vendor(),
                    capture.path("done").asLong() / 1_000_000,
                    Figures.seconds(took),
                    capture.path("done").asLong() / 1e3 / took.toMillis(),
                    calls(scene),
                    worker.mostMemory() >> 20);
            small(worker);
            contained(scene, capture);
            JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
            assertThat(verified.path("verified").asBoolean())
                    .as(verified.toString())
                    .isTrue();
            scene.emulator().assertNoContainmentCalls();
            assertThat(scene.before.changes(scene.device.snapshot()))
                    .as("left on the host")
                    .isEmpty();
            assertThat(scene.leftInCloud()).as("left in the vendor's cloud").isEmpty();
        }
    }

    /// A usual rule captures the host too, with another profile: waits for both, and answers the large one.
    private static JsonNode awaitLogs(String incident) {
        return Awaitility.await("the captures end")
                .atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(IOException.class)
                .until(
                        () -> varve.get("/api/v1/captures?incident=" + incident)
                                .path("items")
                                .valueStream()
                                .toList(),
                        found -> found.stream().anyMatch(ContainedSlowTest::logs)
                                && found.stream()
                                        .allMatch(capture ->
                                                Host.ended(capture.path("state").asText())))
                .stream()
                .filter(ContainedSlowTest::logs)
                .findFirst()
                .orElseThrow();
    }

    private static boolean logs(JsonNode capture) {
        return capture.path("profile").asText().equals("logs");
    }

    private static void contained(VendorScene scene, JsonNode capture) throws IOException {
        for (String when : List.of("containment.before", "containment.after")) {
            assertThat(scene.custody(capture, when))
                    .singleElement()
                    .satisfies(text -> assertThat(text).startsWith("contained"));
        }
        assertThat(scene.custody(capture, "containment.changed")).isEmpty();
    }

    /// The worker that was there is the one that is there, and has kept to its memory.
    private static void small(RunningProcess worker) throws IOException {
        assertThat(varve.pid("worker")).as("no other worker took over").isEqualTo(worker.pid());
        assertThat(worker.flags()).contains("-XX:MaxHeapSize=" + HEAP_BYTES);
        assertThat(worker.mostMemory()).isLessThan(MOST_MEMORY);
    }

    private static String calls(VendorScene scene) {
        List<RecordedCall> calls = scene.emulator().recorder().calls();
        long refused = calls.stream().filter(call -> call.status() == 429).count();
        return "%d calls, of which %d were refused as too many".formatted(calls.size(), refused);
    }

    private static Instant last(List<JsonNode> captures) {
        return captures.stream()
                .map(capture -> Instant.parse(capture.path("endedAt").asText()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static String shortest(List<JsonNode> captures) {
        return Figures.seconds(captures.stream()
                .map(ContainedSlowTest::took)
                .min(Comparator.naturalOrder())
                .orElseThrow());
    }

    private static String longest(List<JsonNode> captures) {
        return Figures.seconds(captures.stream()
                .map(ContainedSlowTest::took)
                .max(Comparator.naturalOrder())
                .orElseThrow());
    }

    private static Duration took(JsonNode capture) {
        return Duration.between(
                Instant.parse(capture.path("requestedAt").asText()),
                Instant.parse(capture.path("endedAt").asText()));
    }

    private static String seconds(Instant begun) {
        return seconds(begun, Instant.now());
    }

    private static String seconds(Instant begun, Instant end) {
        return Figures.seconds(Duration.between(begun, end));
    }
}
