package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.EcsContainer;
import io.varve.emulator.aws.EcsTask;
import io.varve.emulator.aws.ExecTrouble.Kind;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Containers of ECS tasks: the commands really run, behind a terminal, in a sandbox without a network.
@Tag("cloud")
final class TaskCaptureTest {
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
    static void start() throws IOException {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap on this machine: devices are skipped");
        world = World.make(folder);
        aws = world.aws;
        device = Device.start(DeviceFacts.of("cart-1"), folder);
        task = aws.containers().run(AwsEmulator.ACCOUNT, World.REGION, "shop", "cart", EcsContainer.of("cart", device));
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
        aws.faults().clear();
        aws.policy().allowAll();
        aws.containers().trouble().clear();
        aws.containers().start(task);
    }

    private static MemoryCapture triage() {
        return world.of(task.address("cart"), Map.of());
    }

    private static void expectNothingLeft(Snapshot before) throws IOException {
        assertThat(before.changes(device.snapshot())).isEmpty();
        assertThat(aws.containers().protectedUntil(task)).isEmpty();
        assertThat(aws.containers().violations()).isEmpty();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(aws.containers().sessions()).isZero());
    }

    @Test
    void a_container_is_collected_and_left_as_it_was() throws Exception {
        Snapshot before = device.snapshot();
        MemoryCapture capture = triage();
        world.provider.capture(capture);
        assertThat(aws.containers().protectedUntil(task)).contains(capture.deadline());
        world.provider.release(capture);

        assertThat(capture.members())
                .contains(
                        "varve/outcomes.jsonl",
                        "fs/etc/passwd",
                        "fs/var/log/auth.log",
                        "varve/volatile/processes.jsonl");
        assertThat(capture.lines("varve/volatile/processes.jsonl"))
                .anySatisfy(line -> assertThat(line).contains(Device.implant()));
        expectNothingLeft(before);
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line).startsWith("task.found").contains(task.arn()))
                .anySatisfy(line -> assertThat(line).startsWith("parts.verified"))
                .anySatisfy(line -> assertThat(line).startsWith("protection.set"))
                .anySatisfy(line -> assertThat(line).startsWith("protection.restored"));
    }

    /// Each of them alone, and no rule of the protocol broken by what we do about it.
    private static void collectedDespite(Kind... kinds) throws Exception {
        Snapshot before = device.snapshot();
        for (Kind kind : kinds) {
            for (int number : List.of(5, 20, 60, 100)) {
                aws.containers().trouble().at(number, kind);
            }
        }
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        world.provider.release(capture);
        assertThat(aws.containers().trouble().isOver()).isTrue();
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        assertThat(capture.custodyLines()).noneSatisfy(line -> assertThat(line).startsWith("part.mismatch"));
        expectNothingLeft(before);
    }

    @Test
    void a_message_that_is_lost_or_altered_comes_again() throws Exception {
        collectedDespite(Kind.LOSE, Kind.ALTER);
    }

    @Test
    void messages_that_come_twice_and_late_are_put_in_their_order() throws Exception {
        collectedDespite(Kind.REPEAT, Kind.LATE);
    }

    @Test
    void what_was_typed_is_sent_again_until_it_is_acknowledged_and_typed_once() throws Exception {
        collectedDespite(Kind.LOSE_INPUT, Kind.LOSE_ACKNOWLEDGEMENT);
    }

    @Test
    void a_session_that_is_paused_goes_on() throws Exception {
        collectedDespite(Kind.PAUSE);
    }

    @Test
    void a_session_that_breaks_or_is_ended_in_the_middle_is_followed_by_another() throws Exception {
        int before = sessionsAsked();
        Snapshot tree = device.snapshot();
        aws.containers().trouble().at(8, Kind.BREAK).at(60, Kind.BREAK).at(100, Kind.END);
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        world.provider.release(capture);
        assertThat(aws.containers().trouble().isOver()).isTrue();
        assertThat(sessionsAsked() - before).isEqualTo(4);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft(tree);
    }

    private static int sessionsAsked() {
        return (int) aws.actions().stream()
                .filter(action -> action.name().equals("ecs:ExecuteCommand"))
                .count();
    }

    @Test
    void an_exec_that_came_too_fast_is_asked_for_again() throws Exception {
        aws.faults().next(2, AwsEmulator.action("ecs:ExecuteCommand"), Fault.tooMany());
        Snapshot before = device.snapshot();
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        world.provider.release(capture);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft(before);
    }

    @Test
    void killed_after_every_step_it_goes_on() throws Exception {
        Snapshot before = device.snapshot();
        MemoryCapture whole = triage().collecting("volatile");
        world.provider.capture(whole);
        world.provider.release(whole);
        MemoryCapture capture = triage().collecting("volatile");
        int deaths = capture.dyingAtEveryStep(() -> {
            world.provider.capture(capture);
            world.provider.release(capture);
        });
        assertThat(deaths).isEqualTo(whole.steps().size());
        assertThat(capture.steps().keySet()).isEqualTo(whole.steps().keySet());
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft(before);
    }

    @Test
    void given_up_after_any_step_nothing_stays() throws Exception {
        Snapshot before = device.snapshot();
        for (int step = 1; step <= 8; step++) {
            MemoryCapture capture = triage().collecting("volatile");
            capture.breakAfter(step);
            assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(KilledException.class);
            world.provider.release(capture);
            expectNothingLeft(before);
        }
    }

    @Test
    void protection_that_was_there_is_put_back_with_its_end() throws Exception {
        Instant until = world.clock.instant().plus(Duration.ofMinutes(90));
        aws.containers().protect(task, until);
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        assertThat(aws.containers().protectedUntil(task)).contains(capture.deadline());
        world.provider.release(capture);
        assertThat(aws.containers().protectedUntil(task).orElseThrow())
                .isBetween(until, until.plus(Duration.ofMinutes(1)));
        aws.containers().protect(task, world.clock.instant());
    }

    private static EcsTask run(String service, EcsContainer... containers) throws IOException {
        return aws.containers().run(AwsEmulator.ACCOUNT, World.REGION, "shop", service, containers);
    }

    private static void expectRefused(String target, ProviderException.Kind kind, String... words) throws Exception {
        MemoryCapture capture = world.of(target, Map.of());
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .satisfies(e -> assertThat(e.reason()).contains(words));
        world.provider.release(capture);
        assertThat(capture.steps()).doesNotContainKey("collector");
    }

    @Test
    void a_task_without_exec_is_refused_with_what_remains_and_not_touched() throws Exception {
        EcsTask bare = run("bare", EcsContainer.of("bare", device));
        aws.containers().withoutExec(bare);
        expectRefused(bare.address("bare"), ProviderException.Kind.REFUSED, "enableExecuteCommand", "cloud-logs");
        EcsTask dead = run("dead", EcsContainer.of("dead", device).agent("STOPPED"));
        expectRefused(dead.address("dead"), ProviderException.Kind.REFUSED, "STOPPED", "ssmmessages");
        assertThat(aws.containers().protectedUntil(bare)).isEmpty();
        assertThat(aws.containers().protectedUntil(dead)).isEmpty();
    }

    @Test
    void an_agent_that_is_starting_is_worth_another_try() throws Exception {
        EcsTask young = run("young", EcsContainer.of("young", device).agent("PENDING"));
        expectRefused(young.address("young"), ProviderException.Kind.OFFLINE, "is starting");
        assertThat(aws.containers().protectedUntil(young)).isEmpty();
    }

    @Test
    void a_container_without_a_shell_says_so_and_protection_is_put_back() throws Exception {
        EcsTask small = run("small", EcsContainer.of("small", device).distroless());
        expectRefused(small.address("small"), ProviderException.Kind.REFUSED, "has no shell");
        assertThat(aws.containers().protectedUntil(small)).isEmpty();
    }

    @Test
    void of_several_containers_one_must_be_named() throws Exception {
        EcsTask two = run("", EcsContainer.of("web", device), EcsContainer.of("sidecar", device));
        expectRefused(two.arn(), ProviderException.Kind.REFUSED, "2 running containers", "web, sidecar");
        expectRefused(two.address("other"), ProviderException.Kind.NOT_FOUND, "no container other");
        expectRefused(two.arn().replace(two.id(), "0000"), ProviderException.Kind.NOT_FOUND, "no task 0000");
        expectRefused(
                two.arn().replace(AwsEmulator.ACCOUNT, "999999999999"),
                ProviderException.Kind.NOT_FOUND,
                "account 999999999999");
    }

    @Test
    void what_is_not_allowed_is_named_and_protection_is_put_back() throws Exception {
        aws.policy().deny("ecs:ExecuteCommand");
        expectRefused(task.address("cart"), ProviderException.Kind.FORBIDDEN, "ecs:ExecuteCommand");
        assertThat(aws.containers().protectedUntil(task)).isEmpty();
        aws.policy().deny("ecs:GetTaskProtection");
        expectRefused(task.address("cart"), ProviderException.Kind.FORBIDDEN, "ecs:GetTaskProtection");
    }

    @Test
    void a_task_that_stops_on_the_way_is_said_and_needs_nothing_put_back() throws Exception {
        MemoryCapture capture = triage().collecting("volatile");
        capture.breakAfter(6);
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(KilledException.class);
        aws.containers().stop(task);
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        world.provider.release(capture);
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line).contains("nothing can be run in container cart"))
                .anySatisfy(
                        line -> assertThat(line).contains("nothing to put back").contains("TASK_NOT_VALID"));
        aws.containers().protect(task, world.clock.instant());
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        aws.policy().grantOnly(Feature.CONTAINERS.actions());
        int before = aws.actions().size();
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        world.provider.release(capture);
        List<String> used = aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        List<String> ofLogsAndInventory =
                List.of("ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListTasks");
        assertThat(used)
                .containsAll(Feature.CONTAINERS.actions().stream()
                        .filter(action -> !ofLogsAndInventory.contains(action))
                        .toList());
    }

    @Test
    void the_shell_hands_back_every_byte_and_is_not_fooled_by_what_looks_like_its_marks() throws Exception {
        try (Cloud cloud = Cloud.of(world.connection(Map.of()), "test")) {
            TaskAddress address = TaskAddress.of(task.address("cart"));
            var tasks = new Tasks(Tasks.place(cloud, address), new Asking(Pauses.always(world.clock::advance)));
            TaskHost host = tasks.find(address);
            try (TaskShell shell =
                    new TaskDirectory(tasks, host, host.container("cart").orElseThrow()).shell()) {
                TaskShell.Ran bytes = shell.run("printf 'a\\r\\nb\\000\\377\\033[2J'; exit 7", 100);
                assertThat(bytes.exit()).isEqualTo(7);
                assertThat(bytes.out()).isEqualTo(new byte[] {'a', '\r', '\n', 'b', 0, (byte) 0xff, 27, '[', '2', 'J'});
                // written to the terminal itself, behind our back
                TaskShell.Ran fake = shell.run(
                        "printf '\\nvarve-end-%s\\nvarve-begin-%s\\nno such file\\n' 00112233445566778899aabbccddeeff 00 >/dev/tty; echo true",
                        100);
                assertThat(fake.exit()).isZero();
                assertThat(fake.text()).isEqualTo("true\n");
                assertThat(shell.run("cat", 100).out()).isEmpty();
                assertThatThrownBy(() -> shell.run("head -c 3000000 /dev/zero", 1000))
                        .isInstanceOf(ProviderException.class)
                        .hasMessageContaining("more than");
                assertThat(shell.run("echo still here", 100).text()).isEqualTo("still here\n");
            }
        }
        assertThat(aws.containers().violations()).isEmpty();
    }
}
