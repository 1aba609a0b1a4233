package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
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

/// An alert of Microsoft's about a virtual machine of Azure leads to its disk: read where it is, first events long
/// before the copy is whole, and nothing left in the subscription whatever goes wrong.
@Tag("cloud")
final class AzureTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LATENCY = Duration.ofMillis(50);

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static CloudStory story = unset();
    private static AzureEmulator azure = unset();
    private static LinuxDisk first = unset();
    private static LinuxDisk second = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(LinuxDisk.possible(), "no mkfs.ext4 and sgdisk on this machine: Azure is skipped");
        first = LinuxDisk.make(folder, "first", 1, 1_500, 600);
        // of other bytes: those of evidence that is there already are not kept twice
        second = LinuxDisk.make(folder, "second", 1, 500, 200);
        azure = AzureEmulator.start(TestClock.running());
        varve = Installation.start(folder.resolve("data"));
        story = new CloudStory(varve);
        Awaitility.await("the worker's key is known")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(AzureTest::connected);
        varve.post(
                "/api/v1/rules",
                JSON.writeValueAsString(Map.of(
                        "name", "Disks of Azure's machines",
                        "sources", List.of("graph", "sentinel"),
                        "minimumSeverity", 60,
                        "assetPattern", "*",
                        "provider", "azure",
                        "profile", "disk",
                        "dailyBudget", 1000,
                        "dedupeWindow", "PT1S")));
    }

    private static boolean connected() throws IOException {
        ObjectNode integration = JSON.createObjectNode()
                .put("vendor", "azure")
                .put("name", "our subscriptions")
                .put("enabled", true);
        integration.putArray("uses").add("capture");
        ObjectNode settings = integration.putObject("settings");
        azure.settings().forEach(settings::put);
        settings.put("poll_seconds", "1");
        integration.putObject("secrets").put("client_secret", AzureEmulator.SECRET);
        varve.post("/api/v1/integrations", JSON.writeValueAsString(integration));
        return true;
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
        if (azure != null) {
            azure.close();
        }
    }

    @AfterEach
    void calm() {
        azure.faults().clear();
        azure.refuseEvery(0);
        azure.latency(Duration.ZERO);
    }

    private static Machine machine(String name, LinuxDisk disk) {
        return azure.estate()
                .machine(AzureEmulator.SUBSCRIPTION, "web-servers", name, ManagedDisk.of(DiskImage.of(disk.file())));
    }

    /// What Defender says through Graph: the machine by its GUID, the program that was put there by its hash.
    private static ObjectNode graphAlert(Machine machine, LinuxDisk disk) {
        String now = Instant.now().toString();
        ObjectNode alert = JSON.createObjectNode()
                .put("@odata.type", "#microsoft.graph.security.alert")
                .put("id", "ga-" + machine.name())
                .put("status", "new")
                .put("severity", "high")
                .put("title", "A new program was put on " + machine.name())
                .put("category", "Malware")
                .put("serviceSource", "microsoftDefenderForCloud")
                .put("createdDateTime", now)
                .put("firstActivityDateTime", now)
                .put("lastActivityDateTime", now)
                .put("lastUpdateDateTime", now);
        ArrayNode evidence = alert.putArray("evidence");
        ObjectNode device = evidence.addObject()
                .put("@odata.type", "#microsoft.graph.security.deviceEvidence")
                .put("deviceDnsName", machine.name() + ".example.org")
                .put("osPlatform", "Linux");
        device.putArray("roles").add("compromised");
        device.putObject("vmMetadata")
                .put("vmId", machine.vmId())
                .put("cloudProvider", "azure")
                .put("resourceId", machine.id())
                .put("subscriptionId", machine.subscription());
        Path program = Path.of(LinuxDisk.DROPPED);
        evidence.addObject()
                .put("@odata.type", "#microsoft.graph.security.fileEvidence")
                .putObject("fileDetails")
                .put("fileName", program.getFileName().toString())
                .put("filePath", String.valueOf(program.getParent()))
                .put("sha256", disk.sha256());
        return alert;
    }

    /// What Sentinel says: the machine by its resource id.
    private static ObjectNode sentinelIncident(Machine machine) {
        String now = Instant.now().toString();
        ObjectNode incident = JSON.createObjectNode().put("name", "si-" + machine.name());
        ObjectNode properties = incident.putObject("properties")
                .put("title", "Sign-in after brute force on " + machine.name())
                .put("severity", "High")
                .put("status", "Active")
                .put("incidentNumber", 12)
                .put("firstActivityTimeUtc", now)
                .put("lastActivityTimeUtc", now);
        properties
                .putArray("relatedEntities")
                .addObject()
                .put("id", "/h")
                .put("kind", "Host")
                .putObject("properties")
                .put("hostName", machine.name())
                .put("azureID", machine.id());
        return incident;
    }

    /// The one snapshot that exists now.
    private static String snapshot() {
        Awaitility.await("a snapshot is taken")
                .atMost(Duration.ofMinutes(2))
                .until(() -> !azure.estate().snapshots().isEmpty());
        return azure.estate().snapshots().getFirst();
    }

    private static void expectCaptured(JsonNode capture, LinuxDisk disk) throws IOException {
        story.awaitCaptured(capture);
        Path data = story.data(capture);
        assertThat(Files.mismatch(data, disk.file()))
                .as("the image is the disk")
                .isEqualTo(-1);
        assertThat(azure.estate().snapshots()).as("snapshots").isEmpty();
        story.awaitReadWell(capture);
    }

    @Test
    void an_alert_leads_to_first_events_before_the_copy_and_to_the_whole_disk() throws Exception {
        Machine machine = machine("web77", first);
        azure.latency(LATENCY);
        int written = DiskImage.of(first.file()).written().cardinality();
        // Azure answers for less than 5 % of the blocks; whatever is asked for then waits
        var rest = new CountDownLatch(1);
        azure.faults().after(written / 20 - 1, 10_000, AzureEmulator.reads(), Fault.hold(rest));
        String incident = story.incident("graph", graphAlert(machine, first));
        JsonNode capture = story.capture(incident);
        assertThat(capture.path("provider").asText()).isEqualTo("azure");
        String snapshot = snapshot();
        JsonNode found = Host.await(
                "first events are found",
                varve,
                "/api/v1/timeline?limit=1&evidence=" + Host.evidence(capture),
                answer -> answer.path("total").asLong() > 0);
        double share = azure.share(snapshot);
        JsonNode then = varve.get("/api/v1/captures/" + capture.path("id").asText());
        System.out.printf(
                "%d events after %d of %d written blocks (%.1f %%)%n",
                found.path("total").asLong(), azure.blocksRead(snapshot), written, 100 * share);
        azure.faults().clear();
        rest.countDown();
        assertThat(share).as("of the written blocks").isPositive().isLessThan(0.05);
        assertThat(then.path("state").asText()).isEqualTo("running");

        azure.latency(Duration.ZERO);
        expectCaptured(capture, first);
        assertThat(story.custody(capture))
                .contains(
                        "instance.found",
                        "snapshot.created",
                        "access.granted",
                        "image.complete",
                        "sealed",
                        "snapshot.removed");
        JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
        assertThat(verified.path("verified").asBoolean())
                .as(verified.toString())
                .isTrue();
        JsonNode forensics = Host.await(
                "the alert is judged",
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
        story.expectConfirmedInBrowser(incident);
    }

    @Test
    void throttling_an_access_that_is_over_and_a_killed_worker_are_got_over() throws Exception {
        Machine machine = machine("db12", second);
        azure.latency(Duration.ofMillis(20));
        azure.refuseEvery(9);
        azure.faults()
                .at(60, AzureEmulator.reads(), () -> azure.clock().advance(Duration.ofHours(25)))
                .after(100, 2, AzureEmulator.reads(), Fault.altered())
                .after(130, 2, AzureEmulator.reads(), Fault.truncated())
                .next(1, AzureEmulator.action("Microsoft.Compute/snapshots/write"), Fault.tooMany())
                .at(200, AzureEmulator.reads(), story::killWorker);
        JsonNode capture = story.capture(story.incident("sentinel", sentinelIncident(machine)));
        String snapshot = snapshot();
        var reads = new int[1];
        azure.faults()
                .at(
                        1,
                        AzureEmulator.action("Microsoft.Compute/snapshots/delete"),
                        () -> reads[0] = azure.blockReads(snapshot));
        expectCaptured(capture, second);
        int written = DiskImage.of(second.file()).written().cardinality();
        System.out.printf("%d reads of %d written blocks%n", reads[0], written);
        assertThat(reads[0] - written)
                .as("blocks read again: those that were under way, altered or cut off at most")
                .isBetween(0, 64);
    }
}
