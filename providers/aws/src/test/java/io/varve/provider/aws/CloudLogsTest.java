package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class CloudLogsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ABOUT = 130;
    private static final int BY_ITSELF = 61;
    private static final int FINDINGS = 70;
    private static final int FLOWS = 25;

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();
    private static Instance instance = unset();
    private static String networkInterface = "";

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
        aws = world.aws;
        instance = world.instance(Disk.of(world.disk(2)));
        Instant now = world.clock.instant();
        for (int i = 0; i < ABOUT; i++) {
            aws.trail(now.minus(Duration.ofMinutes(i + 1)), List.of(instance.id()), "alice", record("about", i));
        }
        for (int i = 0; i < BY_ITSELF; i++) {
            // one of them is about the instance too, and comes once
            List<String> resources = i == 0 ? List.of(instance.id()) : List.of("bucket-" + i);
            aws.trail(now.minus(Duration.ofHours(i + 1)), resources, instance.id(), record("by", i));
        }
        aws.trail(now.minus(Duration.ofDays(40)), List.of(instance.id()), "alice", record("too old", 0));
        aws.trail(now.minus(Duration.ofMinutes(3)), List.of("i-0other"), "alice", record("of another", 0));
        for (int i = 0; i < FINDINGS; i++) {
            aws.finding(finding(i, instance.id(), now.minus(Duration.ofHours(i))));
        }
        aws.finding(finding(900, "i-0other", now));
        var flows = new TreeMap<Instant, String>();
        for (int i = 0; i < FLOWS; i++) {
            Instant at = now.minus(Duration.ofMinutes(i + 1));
            flows.put(
                    at,
                    "2 123456789012 eni-1 10.0.0.4 203.0.113.77 40%03d 443 6 10 8400 %d %d ACCEPT OK"
                            .formatted(i, at.getEpochSecond(), at.getEpochSecond() + 60));
        }
        networkInterface = aws.scene().flows(instance, "flows", flows);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        aws.faults().clear();
        aws.policy().allowAll();
    }

    private static String record(String what, int number) {
        return "{\"eventVersion\":\"1.08\",\"eventName\":\"%s %d\",\n\"note\":\"one\\nrecord\"}"
                .formatted(what, number);
    }

    private static ObjectNode finding(int number, String of, Instant at) {
        ObjectNode finding = JSON.createObjectNode()
                .put("id", "finding-" + number)
                .put("type", "CryptoCurrency:EC2/BitcoinTool.B!DNS")
                .put("unknownToTheLibrary", "kept")
                .put("updatedAt", at.toString());
        finding.putObject("resource").putObject("instanceDetails").put("instanceId", of);
        return finding;
    }

    private static MemoryCapture capture() {
        return world.triage(instance, Map.of()).collecting(RecordCapture.PROFILE);
    }

    private static List<JsonNode> outcomes(MemoryCapture capture) throws Exception {
        var outcomes = new ArrayList<JsonNode>();
        for (String line : capture.lines("varve/outcomes.jsonl")) {
            outcomes.add(JSON.readTree(line));
        }
        return outcomes;
    }

    private static void expectAll(MemoryCapture capture) throws Exception {
        List<String> trail = capture.lines("varve/cloud/aws/cloudtrail.jsonl");
        assertThat(trail).hasSize(ABOUT + BY_ITSELF).doesNotHaveDuplicates();
        var names = new HashSet<String>();
        for (String line : trail) {
            names.add(JSON.readTree(line).path("eventName").asText());
        }
        for (int i = 0; i < ABOUT; i++) {
            assertThat(names).contains("about " + i);
        }
        for (int i = 0; i < BY_ITSELF; i++) {
            assertThat(names).contains("by " + i);
        }
        assertThat(capture.lines("varve/cloud/aws/guardduty.jsonl"))
                .hasSize(FINDINGS)
                .allSatisfy(line -> assertThat(line).contains("\"unknownToTheLibrary\":\"kept\""));
        List<String> flows = capture.lines("varve/cloud/aws/vpc-flow/%s.log".formatted(networkInterface));
        assertThat(flows).hasSize(FLOWS + 1);
        assertThat(flows.getFirst()).startsWith("version account-id interface-id srcaddr");
    }

    @Test
    void all_records_of_the_time_are_there_once_over_many_pages_and_refusals() throws Exception {
        MemoryCapture capture = capture();
        world.provider.capture(capture);
        world.provider.release(capture);
        expectAll(capture);
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("records.collected: AwsCloudTrail, %d records".formatted(ABOUT + BY_ITSELF)));
    }

    @Test
    void a_log_that_is_refused_is_said_and_the_others_are_there() throws Exception {
        aws.policy().deny("guardduty:ListDetectors");
        MemoryCapture capture = capture();
        world.provider.capture(capture);
        assertThat(capture.lines("varve/cloud/aws/cloudtrail.jsonl")).hasSize(ABOUT + BY_ITSELF);
        assertThat(outcomes(capture))
                .filteredOn(outcome -> outcome.path("status").asText().equals("failed"))
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.path("artifact").asText()).isEqualTo("AwsGuardDuty");
                    assertThat(outcome.path("reason").asText()).contains("guardduty:ListDetectors");
                });
        assertThat(capture.custodyActions()).contains("records.refused");
    }

    @Test
    void nothing_but_refusals_is_no_evidence() {
        aws.policy().grantOnly(Feature.CAPTURE.actions());
        assertThatThrownBy(() -> world.provider.capture(capture()))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ProviderException.Kind.REFUSED))
                .satisfies(e -> assertThat(e)
                        .hasMessageContaining("AwsCloudTrail")
                        .hasMessageContaining("AwsGuardDuty")
                        .hasMessageContaining("AwsVpcFlowLogs"));
    }

    @Test
    void where_nobody_keeps_a_log_that_is_said() throws Exception {
        Instance quiet = aws.scene().instance(AwsEmulator.ACCOUNT, "eu-west-3", Disk.of(world.disk(2)));
        MemoryCapture capture =
                world.triage(quiet, Map.of("regions", "eu-west-3")).collecting(RecordCapture.PROFILE);
        world.provider.capture(capture);
        assertThat(outcomes(capture))
                .anySatisfy(
                        outcome -> assertThat(outcome.path("reason").asText()).contains("nobody keeps flow logs"))
                .anySatisfy(outcome -> {
                    assertThat(outcome.path("artifact").asText()).isEqualTo("AwsCloudTrail");
                    assertThat(outcome.path("status").asText()).isEqualTo("empty");
                });
    }

    @Test
    void killed_after_every_step_it_goes_on() throws Exception {
        MemoryCapture whole = capture();
        world.provider.capture(whole);
        MemoryCapture capture = capture();
        assertThat(capture.dyingAtEveryStep(() -> world.provider.capture(capture)))
                .isEqualTo(whole.steps().size());
        expectAll(capture);
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        var granted = new ArrayList<>(Feature.CAPTURE.actions());
        granted.addAll(Feature.LOGS.actions());
        aws.policy().grantOnly(granted);
        int before = aws.actions().size();
        MemoryCapture capture = capture();
        world.provider.capture(capture);
        expectAll(capture);
        List<String> used = aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        assertThat(used).containsAll(Feature.LOGS.actions());
    }
}
