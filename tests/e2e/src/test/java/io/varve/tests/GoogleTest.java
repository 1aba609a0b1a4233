package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A finding of Security Command Center about a Compute Engine instance leads to its disk: exported, read in ranges
/// with
/// first events before most of them are there, and nothing left in the projects whatever goes wrong.
@Tag("cloud")
final class GoogleTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROJECT = "shop-project";
    private static final String ZONE = "europe-west3-a";
    /// Bytes of a range.
    private static final long RANGE = 256 << 10;
    /// What is on the large disk at least.
    private static final int LARGE_MIB = 500;

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static CloudStory story = unset();
    private static GcpEmulator gcp = unset();
    private static LinuxDisk large = unset();
    private static LinuxDisk another = unset();
    private static int findings;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        Assumptions.assumeTrue(
                LinuxDisk.possible(), "no mkfs.ext4 and sgdisk on this machine: Google Cloud is skipped");
        large = LinuxDisk.make(folder, "large", 1, 2_000, LARGE_MIB);
        another = LinuxDisk.make(folder, "another", 1, 300, 120);
        gcp = GcpEmulator.start(TestClock.running(), folder.resolve("gcp"));
        varve = Installation.start(folder.resolve("data"));
        story = new CloudStory(varve);
        Awaitility.await("the worker's key is known")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(GoogleTest::connected);
        varve.post(
                "/api/v1/rules",
                JSON.writeValueAsString(Map.of(
                        "name", "Disks of Google's machines",
                        "sources", List.of("scc"),
                        "minimumSeverity", 60,
                        "assetPattern", "*",
                        "provider", "gcp",
                        "profile", "disk",
                        "dailyBudget", 1000,
                        "dedupeWindow", "PT1S")));
    }

    private static boolean connected() throws IOException {
        varve.post(
                "/api/v1/integrations",
                JSON.writeValueAsString(Map.of(
                        "vendor",
                        "gcp",
                        "name",
                        "our projects",
                        "enabled",
                        true,
                        "uses",
                        List.of("capture"),
                        "settings",
                        Map.of(
                                "projects",
                                PROJECT,
                                "forensic_project",
                                GcpEmulator.FORENSIC,
                                "bucket",
                                GcpEmulator.BUCKET,
                                "build_region",
                                "europe-west3",
                                "endpoint",
                                gcp.url().toString(),
                                "poll_seconds",
                                "1"),
                        "secrets",
                        Map.of("service_account_key", gcp.serviceAccountKey()))));
        return true;
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
        if (gcp != null) {
            gcp.close();
        }
    }

    @AfterEach
    void calm() {
        gcp.faults().clear();
        gcp.refuseEvery(0);
        gcp.failBuilds(0);
        gcp.latency(Duration.ZERO);
        gcp.settling(Duration.ZERO);
        gcp.forgetRanges();
        gcp.recorder().forget();
    }

    private static Instance instance(LinuxDisk disk) {
        return gcp.scene().instance(PROJECT, ZONE, Disk.of(disk.file()));
    }

    /// Posts what Virtual Machine Threat Detection finds, and answers the incident.
    private static String detected(Instance instance, LinuxDisk disk) throws IOException {
        String now = Instant.now().toString();
        ObjectNode notification = JSON.createObjectNode();
        ObjectNode finding = notification
                .putObject("finding")
                .put("name", "organizations/1/sources/2/findings/%032x".formatted(++findings))
                .put("resourceName", "//compute.googleapis.com/" + instance.resource())
                .put("state", "ACTIVE")
                .put("category", "Malware: Malicious file on disk")
                .put("findingClass", "THREAT")
                .put("severity", "CRITICAL")
                .put("eventTime", now)
                .put("createTime", now);
        finding.putArray("files").addObject().put("path", LinuxDisk.DROPPED).put("sha256", disk.sha256());
        notification
                .putObject("resource")
                .put("name", "//compute.googleapis.com/" + instance.resource())
                .put("type", "google.compute.Instance");
        return story.incident("scc", notification);
    }

    private static JsonNode expectCaptured(JsonNode capture, LinuxDisk disk, Instance instance) throws Exception {
        story.awaitCaptured(capture);
        Path stored = story.data(capture);
        Process compare = new ProcessBuilder(
                        "qemu-img",
                        "compare",
                        "-f",
                        "qcow2",
                        "-F",
                        "raw",
                        stored.toString(),
                        disk.file().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(compare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compare.waitFor()).as("the disk is the source: " + said).isZero();
        assertThat(gcp.scene().snapshots(PROJECT)).as("snapshots").isEmpty();
        assertThat(gcp.scene().images(GcpEmulator.FORENSIC)).as("images").isEmpty();
        assertThat(gcp.scene().machinesAndDisks(GcpEmulator.FORENSIC))
                .as("machines and disks")
                .isEmpty();
        assertThat(gcp.objects()).as("objects").isEmpty();
        assertThat(gcp.scene().isProtected(instance)).isFalse();
        assertThat(gcp.scene().autoDeleted(instance)).containsExactly("persistent-disk-0");
        return story.awaitReadWell(capture);
    }

    private static long ranges(JsonNode evidence) {
        return (evidence.path("size").asLong() + RANGE - 1) / RANGE;
    }

    @Test
    void a_finding_leads_to_an_export_and_to_first_events_before_the_copy() throws Exception {
        Instance instance = instance(large);
        // an export has no more bytes than the disk holds: a twentieth of its ranges is answered, the rest waits
        long least = LARGE_MIB * (1L << 20) / RANGE;
        var rest = new CountDownLatch(1);
        gcp.faults().after((int) (least / 20) - 1, 100_000, GcpEmulator.range(), Fault.hold(rest));
        String incident = detected(instance, large);
        JsonNode capture = story.capture(incident);
        JsonNode found = Host.await(
                "first events are found",
                varve,
                "/api/v1/timeline?limit=1&evidence=" + Host.evidence(capture),
                answer -> answer.path("total").asLong() > 0);
        // those that wait have not been answered, whoever asked for them
        long read = gcp.recorder().calls("GET", "*.qcow2").stream()
                .filter(call -> call.status() == 206)
                .count();
        JsonNode then = varve.get("/api/v1/captures/" + capture.path("id").asText());
        gcp.faults().clear();
        rest.countDown();
        assertThat(then.path("state").asText()).isEqualTo("running");

        JsonNode evidence = expectCaptured(capture, large, instance);
        double share = (double) read / ranges(evidence);
        System.out.printf(
                "%d events after %d of %d ranges (%.1f %%)%n",
                found.path("total").asLong(), read, ranges(evidence), 100 * share);
        assertThat(share).as("of the ranges").isPositive().isLessThan(0.05);
        assertThat(story.custody(capture))
                .contains(
                        "instance.found",
                        "protection.set",
                        "snapshot.created",
                        "image.created",
                        "export.begun",
                        "export.complete",
                        "image.complete",
                        "sealed",
                        "snapshots.removed",
                        "protection.restored");
        JsonNode forensics = Host.await(
                "the finding is judged",
                varve,
                "/api/v1/incidents/" + incident + "/forensics",
                answer -> answer.path("alerts")
                        .path(0)
                        .path("corroboration")
                        .path("state")
                        .asText()
                        .equals("confirmed"));
        assertThat(forensics
                        .path("alerts")
                        .path(0)
                        .path("corroboration")
                        .path("events")
                        .toString())
                .contains(LinuxDisk.DROPPED);
    }

    @Test
    void refusals_a_failed_build_and_a_killed_worker_are_got_over() throws Exception {
        Instance instance = instance(another);
        gcp.refuseEvery(9);
        gcp.failBuilds(1);
        gcp.faults()
                .next(2, GcpEmulator.call("POST", "*/createSnapshot"), Fault.tooMany())
                .next(1, GcpEmulator.call("GET", "*/global/images/*"), Fault.broken())
                .after(30, 2, GcpEmulator.range(), Fault.truncated())
                .at(150, GcpEmulator.range(), story::killWorker);
        int builds = gcp.buildsBegun();
        JsonNode capture = story.capture(detected(instance, another));
        JsonNode evidence = expectCaptured(capture, another, instance);
        assertThat(story.custody(capture)).contains("export.failed");
        assertThat(gcp.buildsBegun() - builds).isEqualTo(2);
        assertThat(gcp.rangeReads(".qcow2") - ranges(evidence))
                .as("ranges read again: those that were under way at most")
                .isBetween(0L, 60L);
    }
}
