package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Live instances: the commands really run, on a device that has the network of this machine.
@Tag("cloud")
final class SsmCaptureTest {
    private static final String BUCKET = "triage-relay";

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();
    private static Device device = unset();
    private static Instance instance = unset();

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
        device = Device.connected(DeviceFacts.of("web-7"), folder);
        instance = world.instance(Disk.of(world.disk(2)));
        aws.scene().bucket(AwsEmulator.ACCOUNT, World.REGION, BUCKET);
        aws.managed(instance, device);
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
        device.comeOnline();
    }

    private static MemoryCapture triage() {
        return world.triage(instance, Map.of("relay_bucket", BUCKET));
    }

    private static void expectNothingLeft() throws IOException {
        assertThat(aws.scene().objects(AwsEmulator.ACCOUNT, World.REGION, BUCKET))
                .isEmpty();
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
    }

    @Test
    void a_live_instance_is_collected_and_left_as_it_was() throws Exception {
        Snapshot before = device.snapshot();
        MemoryCapture capture = triage();
        world.provider.capture(capture);
        assertThat(aws.scene().terminationProtected(instance)).isTrue();
        world.provider.release(capture);

        assertThat(capture.members())
                .contains(
                        "varve/outcomes.jsonl",
                        "fs/etc/passwd",
                        "fs/var/log/auth.log",
                        "varve/volatile/processes.jsonl");
        assertThat(before.changes(device.snapshot())).isEmpty();
        expectNothingLeft();
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("collector.delivered")
                        .contains("s3://" + BUCKET + "/varve-relay/" + capture.capture()))
                .anySatisfy(line -> assertThat(line).startsWith("parts.verified"))
                .noneSatisfy(line -> assertThat(line).contains("X-Amz-Signature"));
    }

    @Test
    void killed_after_every_step_it_goes_on() throws Exception {
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
        expectNothingLeft();
    }

    @Test
    void an_agent_that_is_away_is_worth_another_try_and_leaves_the_instance_protected() throws Exception {
        device.goOffline();
        MemoryCapture capture = triage().collecting("volatile");
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OFFLINE))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent());
        assertThat(aws.scene().terminationProtected(instance)).isTrue();
        device.comeOnline();
        world.provider.capture(capture);
        world.provider.release(capture);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft();
    }

    @Test
    void an_instance_without_an_agent_is_refused_with_what_to_do() throws Exception {
        Instance bare = world.instance(Disk.of(world.disk(2)));
        MemoryCapture capture = world.triage(bare, Map.of("relay_bucket", BUCKET));
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("AmazonSSMManagedInstanceCore"));
        world.provider.release(capture);
        assertThat(aws.scene().terminationProtected(bare)).isFalse();
    }

    @Test
    void a_folder_that_somebody_else_made_on_the_host_is_not_used() throws Exception {
        MemoryCapture capture = triage();
        String made = "/var/tmp/varve-relay-" + capture.capture();
        device.run(Command.of("ln", "-s", "/opt", made));
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e).hasMessageContaining(made + " is not ours"));
        device.run(Command.of("rm", made));
        assertThat(device.list("/opt")).noneMatch(name -> name.startsWith("varve"));
        world.provider.release(capture);
        expectNothingLeft();
    }

    @Test
    void without_a_bucket_nothing_is_changed() throws Exception {
        MemoryCapture capture = world.triage(instance, Map.of());
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("Bucket for triage"));
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
    }

    @Test
    void a_bucket_that_takes_nothing_is_said_in_its_words() throws Exception {
        aws.faults().always(AwsEmulator.action("s3:PutObject"), Fault.broken());
        MemoryCapture capture = triage().collecting("volatile");
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .satisfies(e -> assertThat(e).hasMessageContaining("s3://" + BUCKET));
        aws.faults().clear();
        world.provider.release(capture);
        expectNothingLeft();
    }

    @Test
    void a_look_ahead_says_what_is_there_and_what_will_be_done() throws Exception {
        int before = aws.commands(instance).size();
        Preflight ahead = world.provider
                .preflight(world.connection(Map.of("relay_bucket", BUCKET)), instance.id(), "triage")
                .orElseThrow();
        assertThat(ahead.host()).contains("web-7");
        assertThat(ahead.platform()).contains("linux");
        assertThat(ahead.checks()).extracting(Check::result).containsOnly(Check.Result.OK);
        assertThat(ahead.touches()).anySatisfy(line -> assertThat(line).contains("fifteen minutes"));
        assertThat(aws.commands(instance)).hasSize(before);
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        var granted = new java.util.ArrayList<String>();
        List.of(Feature.CAPTURE, Feature.PROTECT, Feature.TRIAGE).forEach(feature -> granted.addAll(feature.actions()));
        aws.policy().grantOnly(granted);
        int before = aws.actions().size();
        MemoryCapture capture = triage().collecting("volatile");
        world.provider.capture(capture);
        world.provider.release(capture);
        List<String> used = aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        assertThat(used)
                .containsAll(Feature.TRIAGE.actions().stream()
                        .filter(action -> !action.equals("ssm:CancelCommand"))
                        .toList());
    }
}
