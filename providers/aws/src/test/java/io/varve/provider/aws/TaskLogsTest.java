package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.EcsContainer;
import io.varve.emulator.aws.EcsTask;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.collector.record.RecordCapture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an account knows and logged of ECS tasks, and what is said before a capture.
@Tag("cloud")
final class TaskLogsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();
    private static Device device = unset();
    private static EcsTask task = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap on this machine: devices are skipped");
        world = World.make(folder);
        aws = world.aws;
        device = Device.start(DeviceFacts.of("cart-1"), folder);
        task = aws.containers()
                .run(
                        AwsEmulator.ACCOUNT,
                        World.REGION,
                        "shop",
                        "cart",
                        EcsContainer.of("cart", device),
                        EcsContainer.of("proxy", device));
        aws.containers().withoutExec(task);
        Instant now = world.clock.instant();
        aws.containers()
                .log(
                        task,
                        "cart",
                        Map.of(
                                now.minus(Duration.ofMinutes(3)), "GET /cart?id=1' OR 1=1",
                                now.minus(Duration.ofMinutes(2)), "two\nlines"));
        aws.trail(now.minus(Duration.ofHours(1)), List.of(task.arn()), "alice", "{\"eventName\":\"RunTask\"}");
        aws.trail(now.minus(Duration.ofHours(2)), List.of("bucket"), task.id(), "{\"eventName\":\"GetObject\"}");
        aws.trail(now.minus(Duration.ofHours(2)), List.of("other"), "alice", "{\"eventName\":\"Other\"}");
    }

    @AfterAll
    static void stop() {
        if (device != null) {
            device.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        aws.policy().allowAll();
    }

    private static MemoryCapture logs() throws Exception {
        MemoryCapture capture = world.of(task.address("cart"), Map.of()).collecting(RecordCapture.PROFILE);
        world.provider.capture(capture);
        world.provider.release(capture);
        return capture;
    }

    @Test
    void state_definition_logs_and_trail_of_a_task_are_gathered_without_exec() throws Exception {
        int before = aws.actions().size();
        MemoryCapture capture = logs();
        List<String> state = capture.lines("varve/cloud/aws/ecs-task.jsonl");
        assertThat(state).hasSize(3);
        assertThat(JSON.readTree(state.get(0)).at("/tasks/0/taskArn").asText()).isEqualTo(task.arn());
        assertThat(JSON.readTree(state.get(1)).at("/taskDefinition/family").asText())
                .isEqualTo("cart-task");
        assertThat(JSON.readTree(state.get(2)).at("/services/0/serviceName").asText())
                .isEqualTo("cart");
        var messages = new ArrayList<String>();
        for (String line :
                capture.lines("varve/cloud/aws/cloudwatch/~ecs~cart-task=app~cart~%s.jsonl".formatted(task.id()))) {
            JsonNode event = JSON.readTree(line);
            assertThat(event.path("timestamp").isNumber()).isTrue();
            messages.add(event.path("message").asText());
        }
        assertThat(messages).containsExactly("GET /cart?id=1' OR 1=1", "two\nlines");
        assertThat(capture.lines("varve/cloud/aws/cloudtrail.jsonl"))
                .containsExactlyInAnyOrder("{\"eventName\":\"RunTask\"}", "{\"eventName\":\"GetObject\"}");
        assertThat(capture.lines("varve/outcomes.jsonl"))
                .anySatisfy(line -> assertThat(line).contains("=app~proxy~", "\"status\":\"empty\""));
        assertThat(aws.actions().subList(before, aws.actions().size()))
                .extracting(AwsEmulator.Action::name)
                .filteredOn(name -> name.startsWith("ecs:"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("ecs:Describe"));
    }

    @Test
    void what_is_refused_is_said_and_the_rest_is_had() throws Exception {
        aws.policy().deny("ecs:DescribeServices");
        aws.policy().deny("logs:FilterLogEvents");
        MemoryCapture capture = logs();
        assertThat(capture.lines("varve/cloud/aws/ecs-task.jsonl")).hasSize(2);
        assertThat(capture.lines("varve/outcomes.jsonl"))
                .anySatisfy(line -> assertThat(line).contains("ecs:DescribeServices"))
                .anySatisfy(line -> assertThat(line).contains("logs:FilterLogEvents"));
        assertThat(capture.lines("varve/cloud/aws/cloudtrail.jsonl")).hasSize(2);
    }

    @Test
    void a_look_ahead_says_plainly_that_exec_is_not_enabled_and_what_remains() throws Exception {
        Preflight ahead = world.provider
                .preflight(world.connection(Map.of()), task.address("cart"), "triage")
                .orElseThrow();
        assertThat(ahead.checks())
                .filteredOn(check -> check.result() == Check.Result.FAILED)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).isEqualTo("Exec");
                    assertThat(check.detail()).contains("enableExecuteCommand");
                    assertThat(check.mend()).contains("cloud-logs");
                });
        assertThat(aws.containers().protectedUntil(task)).isEmpty();
        Preflight logs = world.provider
                .preflight(world.connection(Map.of()), task.address("cart"), RecordCapture.PROFILE)
                .orElseThrow();
        assertThat(logs.checks()).extracting(Check::result).containsOnly(Check.Result.OK);
    }
}
