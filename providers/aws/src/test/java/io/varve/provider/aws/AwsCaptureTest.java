package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.AwsEmulator.Action;
import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.emulator.kit.Fault;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class AwsCaptureTest {
    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
        aws = world.aws;
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
        aws.refuseEvery(0);
        aws.settling(Duration.ZERO);
        aws.policy().allowAll();
    }

    private static void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
        world.provider.release(capture);
    }

    /// The stored image has the volume's bytes: each part the digest of the same part of the volume.
    private static void expectCopy(MemoryCapture capture, DiskImage disk) throws IOException {
        assertThat(capture.upload().parts().stream().mapToLong(Part::size).sum())
                .isEqualTo(disk.size());
        for (Part part : capture.upload().parts()) {
            MessageDigest digest = Digest.sha256();
            for (long at = part.offset(); at < part.offset() + part.size(); at += DiskImage.BLOCK) {
                digest.update(disk.block((int) (at / DiskImage.BLOCK)));
            }
            assertThat(part.sha256()).as("part " + part.number()).isEqualTo(Digest.finish(digest));
        }
    }

    private static void expectNothingLeft(Instance instance) throws IOException {
        assertThat(aws.scene().snapshots(instance.account(), World.REGION)).isEmpty();
        assertThat(aws.scene().terminationProtected(instance)).isFalse();
        assertThat(aws.scene().deleteOnTermination(instance)).first().isEqualTo("true");
    }

    @Test
    void the_stored_image_is_the_volume_and_nothing_is_left_behind() throws Exception {
        DiskImage disk = world.disk(40);
        Instance instance = world.instance(Disk.of(disk));
        aws.scene().scaled(instance, "web");
        aws.settling(Duration.ofMinutes(2));
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);

        assertThat(aws.scene().terminationProtected(instance)).isTrue();
        assertThat(aws.scene().scaleInProtected(instance)).isTrue();
        assertThat(aws.scene().deleteOnTermination(instance)).containsExactly("false");
        expectCopy(capture, disk);
        world.provider.release(capture);
        expectNothingLeft(instance);
        assertThat(aws.scene().scaleInProtected(instance)).isFalse();
        assertThat(capture.custodyActions())
                .containsExactly(
                        "instance.found",
                        "protection.set",
                        "snapshots.created",
                        "snapshots.removed",
                        "protection.restored");
        assertThat(capture.custodyLines().get(2))
                .contains(instance.volumes().getFirst())
                .contains("request-");
    }

    @Test
    void what_was_protected_before_stays_protected() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        aws.scene().protectTermination(instance);
        run(world.capture(instance));
        assertThat(aws.scene().terminationProtected(instance)).isTrue();
        assertThat(aws.scene().snapshots(instance.account(), World.REGION)).isEmpty();
    }

    @Test
    void all_volumes_are_one_image_of_one_moment() throws Exception {
        DiskImage root = world.disk(5);
        DiskImage data = world.disk(7);
        Instance instance = world.instance(Disk.of(root), Disk.of(data));
        MemoryCapture capture = world.capture(instance);
        int before = aws.actions().size();
        run(capture);
        assertThat(aws.actions().subList(before, aws.actions().size()))
                .extracting(Action::name)
                .containsOnlyOnce("ec2:CreateSnapshots");
        // a block that describes the disk in front of each
        long size = root.size() + data.size() + 2L * DiskImage.BLOCK + 1024;
        assertThat(capture.upload().parts().stream().mapToLong(Part::size).sum())
                .isEqualTo(size);
        expectNothingLeft(instance);
    }

    @Test
    void an_instance_of_another_account_is_found_through_its_role() throws Exception {
        DiskImage disk = world.disk(3);
        Instance instance = world.instance(World.OTHER, Disk.of(disk));
        aws.role(World.ROLE, World.EXTERNAL_ID);
        var roles = Map.of("roles", "arn:aws:iam::555566667777:role/varve-capture\n" + World.ROLE, "regions", "");
        assertThatThrownBy(() -> run(world.capture(instance, roles)))
                .as("without the external id")
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
        var all = Map.of("roles", World.ROLE, "external_id", World.EXTERNAL_ID, "regions", "eu-west-1, eu-central-1");
        MemoryCapture capture = world.capture(instance, all);
        run(capture);
        expectCopy(capture, disk);
        expectNothingLeft(instance);
        assertThat(capture.custodyLines().getFirst()).contains(World.OTHER);
    }

    @Test
    void an_instance_that_no_account_has_is_not_found() {
        Instance nowhere = new Instance("i-0123456789abcdef0", AwsEmulator.ACCOUNT, World.REGION, List.of());
        assertThatThrownBy(() -> run(world.capture(nowhere)))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void refusals_bad_bytes_and_broken_lines_are_got_over() throws Exception {
        DiskImage disk = world.disk(60);
        Instance instance = world.instance(Disk.of(disk));
        aws.refuseEvery(4);
        var blocks = AwsEmulator.action("ebs:GetSnapshotBlock");
        aws.faults()
                .after(3, 2, blocks, Fault.altered())
                .after(9, 2, blocks, Fault.truncated())
                .after(15, 2, blocks, Fault.broken())
                .after(20, 2, blocks, Fault.drop())
                .next(1, AwsEmulator.action("ebs:ListSnapshotBlocks"), Fault.tooMany())
                .next(2, AwsEmulator.action("ec2:DescribeSnapshots"), Fault.broken());
        MemoryCapture capture = world.capture(instance);
        run(capture);
        expectCopy(capture, disk);
        expectNothingLeft(instance);
    }

    @Test
    void tokens_that_expire_meanwhile_are_listed_again() throws Exception {
        DiskImage disk = world.disk(40);
        Instance instance = world.instance(Disk.of(disk));
        aws.faults().at(10, AwsEmulator.action("ebs:GetSnapshotBlock"), () -> world.clock.advance(Duration.ofDays(8)));
        MemoryCapture capture = world.capture(instance);
        run(capture);
        expectCopy(capture, disk);
    }

    @Test
    void a_key_that_may_not_be_used_is_said_and_leaves_nothing() throws Exception {
        String key = aws.scene().key(AwsEmulator.ACCOUNT, World.REGION);
        Instance instance = world.instance(Disk.of(world.disk(3)).encrypted(key));
        aws.policy().deny("kms:Decrypt");
        MemoryCapture denied = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(denied))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e.reason()).contains(key));
        world.provider.release(denied);
        expectNothingLeft(instance);
        aws.policy().undeny("kms:Decrypt");

        MemoryCapture allowed = world.capture(instance);
        run(allowed);
        expectNothingLeft(instance);

        aws.disableKey(key);
        int before = aws.actions().size();
        MemoryCapture disabled = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(disabled))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("Disabled");
        assertThat(aws.actions().subList(before, aws.actions().size()))
                .extracting(Action::name)
                .doesNotContain("ec2:CreateSnapshots", "ec2:ModifyInstanceAttribute");
    }

    @Test
    void killed_after_any_step_nothing_is_made_twice_or_left() throws Exception {
        DiskImage disk = world.disk(3);
        Instance instance = world.instance(Disk.of(disk));
        MemoryCapture whole = world.capture(instance);
        run(whole);
        for (int step = 1; step <= whole.steps().size(); step++) {
            MemoryCapture capture = world.capture(instance);
            capture.breakAfter(step);
            assertThatThrownBy(() -> run(capture)).isInstanceOf(MemoryCapture.KilledException.class);
            run(capture);
            expectCopy(capture, disk);
            expectNothingLeft(instance);
        }
    }

    @Test
    void a_request_for_snapshots_whose_answer_is_lost_is_found_by_its_tag() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        MemoryCapture capture = world.capture(instance);
        int before = aws.actions().size();
        // the library repeats once by itself, as it does for any request; the worker dies with the answer
        aws.faults().always(AwsEmulator.action("ec2:CreateSnapshots"), Fault.dropAnswer());
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        aws.faults().clear();
        long asked = asked(before);
        run(capture);
        assertThat(asked(before)).isEqualTo(asked);
        expectNothingLeft(instance);
    }

    private static long asked(int before) {
        return aws.actions().stream()
                .skip(before)
                .filter(action -> action.name().equals("ec2:CreateSnapshots"))
                .count();
    }

    @Test
    void a_capture_that_goes_on_reads_no_block_twice() throws Exception {
        DiskImage disk = world.disk(60);
        Instance instance = world.instance(Disk.of(disk));
        var snapshot = new AtomicReference<>("");
        aws.faults().after(30, 1000, AwsEmulator.action("ebs:GetSnapshotBlock"), Fault.broken());
        aws.faults()
                .at(
                        1,
                        AwsEmulator.action("ebs:GetSnapshotBlock"),
                        () -> snapshot.set(aws.snapshots().iterator().next()));
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        aws.faults().clear();
        world.provider.capture(capture);
        assertThat(aws.blockReads(snapshot.get())).isEqualTo(disk.written().cardinality());
        world.provider.release(capture);
        expectCopy(capture, disk);
    }

    @Test
    void what_cannot_be_removed_now_is_removed_later() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);
        aws.policy().deny("ec2:DeleteSnapshot");
        assertThatThrownBy(() -> world.provider.release(capture)).isInstanceOf(ProviderException.class);
        assertThat(aws.scene().terminationProtected(instance))
                .as("the instance is its owner's again meanwhile")
                .isFalse();
        aws.policy().undeny("ec2:DeleteSnapshot");
        world.provider.release(capture);
        expectNothingLeft(instance);
        assertThat(capture.custodyActions()).containsOnlyOnce("protection.restored");
    }

    @Test
    void snapshots_of_captures_that_nobody_remembers_are_removed_when_their_time_is_over() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        world.provider.capture(world.capture(instance));
        assertThat(aws.scene().snapshots(instance.account(), World.REGION)).hasSize(1);
        world.clock.advance(Duration.ofDays(3));
        run(world.capture(instance));
        assertThat(aws.scene().snapshots(instance.account(), World.REGION)).isEmpty();
    }

    @Test
    void snapshots_are_copied_to_a_forensic_account_where_one_is_named() throws Exception {
        DiskImage disk = world.disk(4);
        Instance instance = world.instance(Disk.of(disk));
        String key = aws.scene().key(World.OTHER, World.REGION);
        var settings = Map.of("copy_role", "arn:aws:iam::222233334444:role/forensics", "copy_key", key);
        MemoryCapture capture = world.capture(instance, settings);
        world.provider.capture(capture);
        assertThat(aws.scene().snapshots(World.OTHER, World.REGION)).hasSize(1);
        expectCopy(capture, disk);
        world.provider.release(capture);
        assertThat(aws.scene().snapshots(World.OTHER, World.REGION)).isEmpty();
        expectNothingLeft(instance);
    }

    /// A provider that is told of each of its waits before it begins.
    private static AwsProvider waiting(Consumer<Duration> before) {
        return new AwsProvider(world.clock, time -> {
            before.accept(time);
            world.clock.advance(time);
        });
    }

    private static Consumer<Throwable> cancelled() {
        return e -> assertThat(e)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.CANCELLED));
    }

    @Test
    void cancelled_while_snapshots_are_waited_for_it_ends_with_that_step_and_leaves_nothing() throws Exception {
        for (int cancelAt : List.of(1, 2, 41)) {
            Instance instance = world.instance(Disk.of(world.disk(2)));
            aws.settling(Duration.ofHours(3));
            MemoryCapture capture = world.capture(instance, Map.of("poll_seconds", "600"));
            var waits = new ArrayList<Duration>();
            AwsProvider provider = waiting(time -> {
                waits.add(time);
                if (waits.size() == cancelAt) {
                    capture.cancelIt();
                }
            });
            assertThatThrownBy(() -> provider.capture(capture)).satisfies(cancelled());
            assertThat(waits).hasSize(cancelAt).allMatch(Pauses.STEP::equals);
            world.provider.release(capture);
            expectNothingLeft(instance);
        }
    }

    @Test
    void cancelled_while_aws_refuses_to_list_blocks_it_asks_no_more() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        aws.faults().always(AwsEmulator.action("ebs:ListSnapshotBlocks"), Fault.tooMany());
        MemoryCapture capture = world.capture(instance);
        var waits = new ArrayList<Duration>();
        AwsProvider provider = waiting(time -> {
            waits.add(time);
            if (time.equals(Pauses.STEP)) {
                capture.cancelIt();
            }
        });
        assertThatThrownBy(() -> provider.capture(capture)).satisfies(cancelled());
        assertThat(waits)
                .as("the first pause of 20 seconds ends with its first step")
                .hasSize(9);
        aws.faults().clear();
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void an_address_that_is_none_is_said_with_the_integration_and_the_setting() {
        Instance instance = world.instance(Disk.of(world.disk(1)));
        for (String address : List.of("ec2.example.org", "https://ec2 example.org", "https://:443")) {
            MemoryCapture capture = world.capture(instance, Map.of("endpoint", address));
            assertThatThrownBy(() -> world.provider.capture(capture))
                    .as(address)
                    .isInstanceOf(ProviderException.class)
                    .hasMessageContaining("endpoint is no address: ")
                    .hasMessageStartingWith("integration ");
        }
    }

    @Test
    void another_profile_is_refused() {
        MemoryCapture capture =
                world.capture(world.instance(Disk.of(world.disk(1)))).collecting("triage");
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }
}
