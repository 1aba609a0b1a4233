package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/// A GuardDuty finding about an EC2 instance leads to its disk: read where it is, first events long before the copy is
/// whole, and nothing left in the account whatever goes wrong.
@Tag("cloud")
final class CloudTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String REGION = "eu-central-1";
    private static final String ROLE = "arn:aws:iam::222233334444:role/varve-capture";
    private static final String ACCOUNT = "222233334444";
    private static final String BUCKET = "triage-relay";
    /// What AWS itself reckons with for a block.
    private static final Duration LATENCY = Duration.ofMillis(100);

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static CloudStory story = unset();
    private static AwsEmulator aws = unset();
    private static LinuxDisk large = unset();
    private static LinuxDisk another = unset();
    private static LinuxDisk small = unset();
    private static int findings;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        Assumptions.assumeTrue(LinuxDisk.possible(), "no mkfs.ext4 and sgdisk on this machine: AWS is skipped");
        large = LinuxDisk.make(folder, "large", 2, 3_000, 1_300);
        // of other bytes: those of evidence that is there already are not kept twice
        another = LinuxDisk.make(folder, "another", 1, 2_000, 800);
        small = LinuxDisk.make(folder, "small", 1, 100, 40);
        aws = AwsEmulator.start(TestClock.running());
        aws.role(ROLE, "external-7f3a");
        varve = Installation.start(folder.resolve("data"), Map.of("VARVE_JOBS_RELEASE_AGAIN", "PT5S"));
        story = new CloudStory(varve);
        Awaitility.await("the worker's key is known")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(CloudTest::connected);
        varve.post(
                "/api/v1/rules",
                JSON.writeValueAsString(Map.of(
                        "name", "Disks of cloud machines",
                        "sources", List.of("guardduty"),
                        "minimumSeverity", 60,
                        "assetPattern", "*",
                        "provider", "aws",
                        "profile", "disk",
                        "dailyBudget", 1000,
                        "dedupeWindow", "PT1S")));
    }

    private static boolean connected() throws IOException {
        varve.post(
                "/api/v1/integrations",
                JSON.writeValueAsString(Map.of(
                        "vendor",
                        "aws",
                        "name",
                        "our accounts",
                        "enabled",
                        true,
                        "uses",
                        List.of("capture"),
                        "settings",
                        Map.of(
                                "roles",
                                ROLE,
                                "external_id",
                                "external-7f3a",
                                "regions",
                                REGION,
                                "access_key_id",
                                "AKIAVARVE",
                                "endpoint",
                                aws.url().toString(),
                                "objects",
                                "true",
                                "relay_bucket",
                                BUCKET,
                                "poll_seconds",
                                "1"),
                        "secrets",
                        Map.of("secret_access_key", "secret"))));
        return true;
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
        if (aws != null) {
            aws.close();
        }
    }

    @AfterEach
    void calm() {
        aws.faults().clear();
        aws.refuseEvery(0);
        aws.latency(Duration.ZERO);
        aws.policy().allowAll();
    }

    private static Instance instance(Disk... disks) throws IOException {
        return aws.scene().instance(ACCOUNT, REGION, disks);
    }

    private static Disk disk(LinuxDisk made) {
        return Disk.of(DiskImage.of(made.file()));
    }

    /// Posts what GuardDuty's runtime monitoring says, and answers the incident.
    private static String detected(Instance instance, LinuxDisk disk) throws IOException {
        return detected(instance, disk, 8);
    }

    private static String detected(Instance instance, LinuxDisk disk, int severity) throws IOException {
        String now = Instant.now().toString();
        ObjectNode finding = JSON.createObjectNode()
                .put("schemaVersion", "2.0")
                .put("accountId", ACCOUNT)
                .put("region", REGION)
                .put("id", "%032x".formatted(++findings))
                .put("type", "Execution:Runtime/NewBinaryExecuted")
                .put("severity", severity)
                .put("createdAt", now)
                .put("updatedAt", now)
                .put("title", "A new program was run on " + instance.id());
        finding.putObject("resource")
                .put("resourceType", "Instance")
                .putObject("instanceDetails")
                .put("instanceId", instance.id());
        ObjectNode service = finding.putObject("service")
                .put("count", 1)
                .put("eventFirstSeen", now)
                .put("eventLastSeen", now);
        ObjectNode runtime = service.putObject("runtimeDetails");
        runtime.putObject("process")
                .put("name", "kdevtmp")
                .put("executablePath", LinuxDisk.DROPPED)
                .put("executableSha256", disk.sha256())
                .put("pid", 4711);
        // a process list cannot be had from a disk; the program that was put there can
        runtime.putObject("context")
                .putObject("modifiedProcess")
                .put("executablePath", LinuxDisk.DROPPED)
                .put("executableSha256", disk.sha256());
        return story.incident("guardduty", finding);
    }

    /// The one snapshot that exists now.
    private static String snapshot() {
        Awaitility.await("a snapshot is taken")
                .atMost(Duration.ofMinutes(2))
                .until(() -> !aws.snapshots().isEmpty());
        return aws.snapshots().iterator().next();
    }

    private static void expectCaptured(JsonNode capture, LinuxDisk disk, Instance instance) throws IOException {
        story.awaitCaptured(capture);
        Path data = story.data(capture);
        assertThat(Files.mismatch(data, disk.file()))
                .as("the image is the volume")
                .isEqualTo(-1);
        expectNothingLeft(instance);
        story.awaitReadWell(capture);
    }

    private static void expectNothingLeft(Instance instance) throws IOException {
        assertThat(aws.scene().snapshots(ACCOUNT, REGION)).as("snapshots").isEmpty();
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
        assertThat(aws.scene().deleteOnTermination(instance)).containsOnly("true");
    }

    @Test
    void a_finding_leads_to_first_events_before_the_copy_and_to_the_whole_disk() throws Exception {
        Instance instance = instance(disk(large));
        aws.latency(LATENCY);
        int written = DiskImage.of(large.file()).written().cardinality();
        // AWS answers for less than 5 % of the blocks; whatever is asked for then waits
        var rest = new CountDownLatch(1);
        aws.faults().after(written / 20 - 1, 10_000, AwsEmulator.action("ebs:GetSnapshotBlock"), Fault.hold(rest));
        String incident = detected(instance, large);
        JsonNode capture = story.capture(incident);
        String snapshot = snapshot();
        JsonNode found = Host.await(
                "first events are found",
                varve,
                "/api/v1/timeline?limit=1&evidence=" + Host.evidence(capture),
                answer -> answer.path("total").asLong() > 0);
        double share = aws.share(snapshot);
        JsonNode then = varve.get("/api/v1/captures/" + capture.path("id").asText());
        System.out.printf(
                "%d events after %d of %d written blocks (%.1f %%)%n",
                found.path("total").asLong(), aws.blocksRead(snapshot), written, 100 * share);
        aws.faults().clear();
        rest.countDown();
        assertThat(share).as("of the written blocks").isPositive().isLessThan(0.05);
        assertThat(then.path("state").asText()).isEqualTo("running");

        expectCaptured(capture, large, instance);
        assertThat(story.custody(capture))
                .contains(
                        "instance.found",
                        "protection.set",
                        "snapshots.created",
                        "image.complete",
                        "sealed",
                        "snapshots.removed",
                        "protection.restored");
        JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
        assertThat(verified.path("verified").asBoolean())
                .as(verified.toString())
                .isTrue();
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
        story.expectConfirmedInBrowser(incident);
    }

    @Test
    void a_worker_killed_in_the_middle_of_the_copy_reads_nothing_again() throws Exception {
        Instance instance = instance(disk(another));
        aws.latency(Duration.ofMillis(20));
        aws.faults().at(900, AwsEmulator.action("ebs:GetSnapshotBlock"), story::killWorker);
        JsonNode capture = story.capture(detected(instance, another));
        String snapshot = snapshot();
        var reads = new int[1];
        aws.faults().at(1, AwsEmulator.action("ec2:DeleteSnapshot"), () -> reads[0] = aws.blockReads(snapshot));
        expectCaptured(capture, another, instance);
        assertThat(reads[0] - DiskImage.of(another.file()).written().cardinality())
                .as("blocks read again: those that were under way at most")
                .isBetween(0, 60);
    }

    @Test
    void refusals_and_tokens_that_expire_are_got_over() throws Exception {
        Instance instance = instance(disk(small));
        aws.refuseEvery(5);
        aws.faults()
                .at(
                        20,
                        AwsEmulator.action("ebs:GetSnapshotBlock"),
                        () -> aws.clock().advance(Duration.ofDays(8)))
                .after(40, 2, AwsEmulator.action("ebs:GetSnapshotBlock"), Fault.altered())
                .after(50, 2, AwsEmulator.action("ebs:GetSnapshotBlock"), Fault.truncated());
        expectCaptured(story.capture(detected(instance, small)), small, instance);
    }

    @Test
    void a_key_that_may_not_be_used_is_said_and_nothing_is_left() throws Exception {
        String arn = aws.scene().key(ACCOUNT, REGION);
        Instance instance = instance(disk(small).encrypted(arn));
        aws.policy().deny("kms:Decrypt");
        JsonNode ended = story.awaitEnded(story.capture(detected(instance, small)));
        assertThat(ended.path("state").asText()).isEqualTo("failed");
        assertThat(ended.path("text").asText()).contains(arn);
        expectNothingLeft(instance);
    }

    @Test
    void a_step_that_fails_leaves_nothing_and_what_cannot_be_removed_is_said() throws Exception {
        Instance instance = instance(disk(small));
        aws.policy().deny("ebs:GetSnapshotBlock");
        aws.policy().deny("ec2:DeleteSnapshot");
        JsonNode capture = story.capture(detected(instance, small));
        JsonNode ended = story.awaitEnded(capture);
        assertThat(ended.path("state").asText()).isEqualTo("failed");
        assertThat(ended.path("text").asText()).contains("ebs:GetSnapshotBlock");
        assertThat(aws.scene().snapshots(ACCOUNT, REGION)).hasSize(1);
        aws.policy().undeny("ec2:DeleteSnapshot");
        Awaitility.await("the rest is removed later")
                .atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> expectNothingLeft(instance));
        assertThat(story.custody(capture)).contains("release.failed");
    }

    /// Asks for a capture by hand, as an analyst does, and waits until it is read.
    private static JsonNode captured(String asset, String profile) throws IOException {
        JsonNode capture = varve.post(
                "/api/v1/captures",
                JSON.writeValueAsString(Map.of("asset", asset, "providers", List.of("aws"), "profile", profile)));
        story.awaitCaptured(capture);
        story.awaitReadWell(capture);
        return capture;
    }

    private static long events(JsonNode capture, String query) throws IOException {
        return varve.get("/api/v1/timeline?limit=1&evidence=" + Host.evidence(capture) + "&q="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .path("total")
                .asLong();
    }

    @Test
    void a_live_instance_is_looked_into_over_ssm_and_what_its_account_logged_follows() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap on this machine: devices are skipped");
        Instance instance = instance(disk(small));
        aws.scene().bucket(ACCOUNT, REGION, BUCKET);
        Instant at = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS);
        aws.trail(at, List.of(instance.id()), "mallory", JSON.writeValueAsString(trail(instance, at)));
        try (Device device = Device.connected(DeviceFacts.of("web-7"), folder)) {
            aws.managed(instance, device);
            Snapshot before = device.snapshot();
            // below what the rule asks for
            String incident = detected(instance, small, 5);
            String asset = varve.get("/api/v1/incidents/" + incident + "/forensics")
                    .path("incident")
                    .path("assets")
                    .path(0)
                    .path("id")
                    .asText();

            JsonNode triage = captured(asset, "triage");
            assertThat(events(triage, "process.command_line:*updaterd*")).isPositive();
            assertThat(events(triage, "data_type:\"linux:ssh:login\"")).isPositive();
            assertThat(story.custody(triage))
                    .contains("collector.delivered", "parts.verified", "host.cleaned", "protection.restored", "sealed");
            assertThat(before.changes(device.snapshot())).isEmpty();
            assertThat(aws.scene().objects(ACCOUNT, REGION, BUCKET)).isEmpty();
            expectNothingLeft(instance);

            JsonNode logs = captured(asset, "cloud-logs");
            assertThat(events(logs, "data_type:\"aws:cloudtrail:entry\" AND mallory AND AuthorizeSecurityGroupIngress"))
                    .isEqualTo(1);
            // our own commands are in SSM's history too
            assertThat(events(logs, "data_type:\"aws:ssm:command\"")).isPositive();
        }
    }

    @Test
    void a_prefix_of_a_listed_bucket_is_captured_and_read() throws Exception {
        String bucket = "account-trail";
        Instant at = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        ObjectNode file = JSON.createObjectNode();
        file.putArray("Records").add(trail(instance(disk(small)), at));
        aws.scene().bucket(ACCOUNT, REGION, bucket);
        aws.scene().object(ACCOUNT, REGION, bucket, "AWSLogs/1/CloudTrail/a.json", JSON.writeValueAsString(file));
        aws.scene().object(ACCOUNT, REGION, bucket, "elsewhere/a.json", JSON.writeValueAsString(file));
        varve.post("/api/v1/inventory/lists", "{}");
        JsonNode listed = Host.await(
                        "the bucket is listed",
                        varve,
                        "/api/v1/inventory?q=" + bucket,
                        answer -> answer.path("total").asLong() == 1)
                .path("items")
                .path(0);
        String asset = varve.post(
                        "/api/v1/inventory/assets",
                        JSON.writeValueAsString(Map.of(
                                "integration", listed.path("integration").asText(),
                                "id", "s3://%s/AWSLogs/".formatted(bucket))))
                .path("id")
                .asText();
        JsonNode capture = captured(asset, "objects");
        assertThat(events(capture, "data_type:\"aws:cloudtrail:entry\" AND mallory"))
                .isEqualTo(1);
        assertThat(story.custody(capture)).contains("bucket.found", "objects.collected", "sealed");
    }

    private static ObjectNode trail(Instance instance, Instant at) {
        ObjectNode record = JSON.createObjectNode()
                .put("eventVersion", "1.08")
                .put("eventTime", at.toString())
                .put("eventSource", "ec2.amazonaws.com")
                .put("eventName", "AuthorizeSecurityGroupIngress")
                .put("awsRegion", REGION)
                .put("sourceIPAddress", "203.0.113.77")
                .put("userAgent", "aws-cli/2.15")
                .put("eventID", "8d2f5c1e-7a43-4b8e-9f10-5c6d7e8f9a0b")
                .put("recipientAccountId", ACCOUNT);
        record.putObject("userIdentity")
                .put("type", "IAMUser")
                .put("arn", "arn:aws:iam::%s:user/mallory".formatted(ACCOUNT))
                .put("userName", "mallory");
        record.putObject("requestParameters").put("instanceId", instance.id());
        return record;
    }
}
