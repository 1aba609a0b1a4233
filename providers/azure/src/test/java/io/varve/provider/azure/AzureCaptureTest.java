package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.aws.DiskImage;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.AzureEmulator.Action;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.defender.Entra;
import io.varve.emulator.kit.Fault;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pauses;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class AzureCaptureTest {
    private static final String OTHER = "00000000-0000-4000-8000-0000000000cc";
    private static final String WRITE = "Microsoft.Compute/snapshots/write";
    private static final String DELETE = "Microsoft.Compute/snapshots/delete";
    private static final String GRANT = "Microsoft.Compute/snapshots/beginGetAccess/action";

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        world = new World(folder);
        azure = world.azure;
        azure.subscription(OTHER);
        azure.pageSize(3);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void calm() throws Exception {
        azure.faults().clear();
        azure.refuseEvery(0);
        azure.settling(Duration.ZERO);
        azure.allowed().allowAll();
        assertThat(azure.estate().snapshots()).as("left behind").isEmpty();
    }

    private static void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
        world.provider.release(capture);
    }

    /// A capture that does not come to its end is released all the same.
    private static ProviderException refused(MemoryCapture capture) throws Exception {
        var said = new AtomicReference<ProviderException>();
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(said::set);
        world.provider.release(capture);
        return said.get();
    }

    /// The stored image has the disk's bytes: each part the digest of the same part of the disk.
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

    private static List<String> actionsSince(int before) {
        return azure.actions().stream().skip(before).map(Action::name).toList();
    }

    @Test
    void the_stored_image_is_the_disk_and_nothing_is_left_behind() throws Exception {
        DiskImage disk = world.disk(40);
        Machine machine = world.machine(ManagedDisk.of(disk));
        azure.settling(Duration.ofMinutes(2));
        MemoryCapture capture = world.capture(machine);
        world.provider.capture(capture);

        assertThat(azure.estate().snapshots()).singleElement().satisfies(id -> {
            assertThat(id).contains("/resourceGroups/" + World.GROUP + "/");
            assertThat(azure.estate().asked(id)).contains(capture.capture(), "varve-expires");
            assertThat(azure.blocksRead(id)).isEqualTo(disk.written().cardinality());
            assertThat(azure.blockReads(id)).isEqualTo(disk.written().cardinality());
        });
        expectCopy(capture, disk);
        assertThat(capture.progressTexts()).anyMatch(text -> text.startsWith("Waiting for the snapshots: "));
        world.provider.release(capture);
        assertThat(azure.estate().snapshots()).isEmpty();
        assertThat(capture.custodyActions())
                .containsExactly("instance.found", "snapshot.created", "access.granted", "snapshot.removed");
        assertThat(capture.custodyLines().get(1))
                .contains("caller application " + AzureEmulator.CLIENT)
                .contains("object " + Entra.object(AzureEmulator.CLIENT))
                .containsPattern("requests [0-9a-f-]{36} \\(correlation [0-9a-f-]{36}\\)");
        assertThat(capture.steps().get("source")).contains("VHD footer", machine.vmId(), "PlatformKey");
    }

    @Test
    void no_signature_is_kept_anywhere() throws Exception {
        MemoryCapture capture = world.capture(world.machine(ManagedDisk.of(world.disk(2))));
        run(capture);
        assertThat(String.join("\n", capture.custodyLines()) + capture.steps() + capture.progressTexts())
                .doesNotContain("sig=")
                .doesNotContain("/abcd")
                .doesNotContain(AzureEmulator.SECRET);
    }

    @Test
    void all_disks_are_one_image() throws Exception {
        DiskImage root = world.disk(5);
        DiskImage data = world.disk(7);
        Machine machine = world.machine(ManagedDisk.of(root), ManagedDisk.of(data));
        MemoryCapture capture = world.capture(machine);
        run(capture);
        // a block that describes the disk in front of each
        long size = root.size() + data.size() + 2L * DiskImage.BLOCK + 1024;
        assertThat(capture.upload().parts().stream().mapToLong(Part::size).sum())
                .isEqualTo(size);
        assertThat(capture.custodyActions())
                .filteredOn("snapshot.created"::equals)
                .hasSize(2);
    }

    @Test
    void a_machine_is_found_by_its_guid_or_name_in_every_subscription() throws Exception {
        DiskImage disk = world.disk(2);
        for (int i = 0; i < 4; i++) {
            world.machine(OTHER, "filler-" + i, ManagedDisk.of(disk));
        }
        Machine machine = world.machine(OTHER, "payroll", ManagedDisk.of(disk));
        for (String target : List.of(machine.vmId(), machine.id().toUpperCase(Locale.ROOT))) {
            assertThat(world.provider.preflight(world.connection(Map.of()), target, AzureProvider.DISK))
                    .hasValueSatisfying(look -> assertThat(look.host()).contains("payroll"));
        }
        MemoryCapture capture = world.capture("PAYROLL", Map.of());
        run(capture);
        expectCopy(capture, disk);
        assertThat(capture.custodyLines().getFirst()).contains(machine.id());
    }

    @Test
    void several_machines_of_one_name_are_all_named_and_none_is_captured() throws Exception {
        Machine one = world.machine(AzureEmulator.SUBSCRIPTION, "twin", ManagedDisk.of(world.disk(1)));
        Machine two = world.machine(OTHER, "twin", ManagedDisk.of(world.disk(1)));
        ProviderException said = refused(world.capture("twin", Map.of()));
        assertThat(said.kind()).isEqualTo(Kind.REFUSED);
        assertThat(said.reason()).contains(one.id(), two.id());
        azure.estate().remove(two);
    }

    @Test
    void machines_outside_of_the_named_subscriptions_are_not_found() throws Exception {
        Machine machine = world.machine(OTHER, "elsewhere", ManagedDisk.of(world.disk(1)));
        Map<String, String> only = Map.of("subscriptions", AzureEmulator.SUBSCRIPTION);
        assertThat(refused(world.capture(machine.id(), only)).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused(world.capture(machine.vmId(), only)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void refusals_bad_bytes_and_broken_lines_are_got_over() throws Exception {
        DiskImage disk = world.disk(60);
        Machine machine = world.machine(ManagedDisk.of(disk));
        azure.refuseEvery(4);
        azure.faults()
                .after(3, 2, AzureEmulator.reads(), Fault.altered())
                .after(9, 2, AzureEmulator.reads(), Fault.truncated())
                .after(15, 2, AzureEmulator.reads(), Fault.broken())
                .after(20, 2, AzureEmulator.reads(), Fault.drop())
                .after(24, 2, AzureEmulator.reads(), Fault.tooMany())
                .next(1, AzureEmulator.lists(), Fault.tooMany())
                .next(1, AzureEmulator.lists(), Fault.truncated())
                .next(1, AzureEmulator.action(GRANT), Fault.tooMany())
                .next(1, AzureEmulator.action("Microsoft.Compute/virtualMachines/read"), Fault.broken());
        MemoryCapture capture = world.capture(machine);
        run(capture);
        expectCopy(capture, disk);
    }

    @Test
    void an_access_that_is_over_or_was_ended_by_somebody_is_asked_for_anew() throws Exception {
        DiskImage disk = world.disk(40);
        Machine machine = world.machine(ManagedDisk.of(disk));
        azure.faults()
                .at(10, AzureEmulator.reads(), () -> world.clock.advance(Duration.ofHours(25)))
                .at(25, AzureEmulator.reads(), azure::endAccess);
        MemoryCapture capture = world.capture(machine);
        run(capture);
        expectCopy(capture, disk);
        assertThat(capture.custodyActions())
                .filteredOn("access.granted"::equals)
                .hasSize(3);
    }

    @Test
    void pages_that_are_always_refused_are_said_and_leave_nothing() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(2)));
        azure.faults().always(AzureEmulator.reads(), new Fault.Before(azure::endAccess));
        ProviderException said = refused(world.capture(machine));
        assertThat(said.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(said.reason()).contains("network access policy");
    }

    @Test
    void bytes_that_never_are_those_of_their_checksum_are_refused() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(2)));
        azure.faults().after(1, 1000, AzureEmulator.reads(), Fault.altered());
        ProviderException said = refused(world.capture(machine));
        assertThat(said.reason()).contains("checksum");
    }

    @Test
    void disks_under_keys_of_customers_are_read_and_what_the_guest_encrypts_is_said() throws Exception {
        DiskImage disk = world.disk(3);
        String set = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/des";
        Machine machine = world.machine(ManagedDisk.of(disk).encrypted(set).encryptedByGuest());
        MemoryCapture capture = world.capture(machine);
        run(capture);
        expectCopy(capture, disk);
        assertThat(capture.steps().get("source")).contains(set, "Azure Disk Encryption");
    }

    @Test
    void disks_that_ask_for_a_sign_in_are_read_with_one() throws Exception {
        DiskImage disk = world.disk(3);
        Machine machine = world.machine(ManagedDisk.of(disk).askingForSignIn());
        MemoryCapture capture = world.capture(machine);
        run(capture);
        expectCopy(capture, disk);

        azure.allowed().deny("Microsoft.Compute/snapshots/download/action");
        ProviderException said = refused(world.capture(machine));
        assertThat(said.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(said.reason())
                .contains("AzureActiveDirectory", "Microsoft.Compute/snapshots/download/action", "dataAccessAuthMode");
    }

    @Test
    void disks_with_large_sectors_are_left_out_and_said() throws Exception {
        DiskImage disk = world.disk(3);
        Machine machine = world.machine(
                ManagedDisk.of(disk), ManagedDisk.of(world.disk(1)).withSectors(4096));
        MemoryCapture capture = world.capture(machine);
        run(capture);
        expectCopy(capture, disk);
        assertThat(capture.custodyLines().getFirst()).contains("left out", "VHDX");
        Machine none = world.machine(ManagedDisk.of(disk).withSectors(4096));
        assertThat(refused(world.capture(none)).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void snapshots_are_made_in_the_group_that_is_named() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        MemoryCapture capture = world.capture(machine.id(), Map.of("snapshot_group", "forensics"));
        world.provider.capture(capture);
        assertThat(azure.estate().snapshots()).singleElement().asString().contains("/resourceGroups/forensics/");
        world.provider.release(capture);
    }

    @Test
    void killed_after_any_step_nothing_is_made_twice_or_left() throws Exception {
        DiskImage disk = world.disk(3);
        Machine machine = world.machine(ManagedDisk.of(disk));
        MemoryCapture whole = world.capture(machine);
        run(whole);
        for (int step = 1; step <= whole.steps().size(); step++) {
            MemoryCapture capture = world.capture(machine);
            capture.breakAfter(step);
            assertThatThrownBy(() -> run(capture)).isInstanceOf(MemoryCapture.KilledException.class);
            run(capture);
            expectCopy(capture, disk);
            assertThat(azure.estate().snapshots()).isEmpty();
        }
    }

    /// A provider that is told of each of its waits before it begins.
    private static AzureProvider waiting(Consumer<Duration> before) {
        return new AzureProvider(
                world.clock,
                time -> {
                    before.accept(time);
                    world.clock.advance(time);
                },
                Duration.ofMillis(20));
    }

    @Test
    void cancelled_while_snapshots_are_waited_for_it_ends_with_that_step_and_leaves_nothing() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        azure.settling(Duration.ofHours(3));
        MemoryCapture capture = world.capture(machine.id(), Map.of("poll_seconds", "600"));
        var waits = new ArrayList<Duration>();
        AzureProvider provider = waiting(time -> {
            waits.add(time);
            if (waits.size() == 41) {
                capture.cancelIt();
            }
        });
        assertThatThrownBy(() -> provider.capture(capture)).satisfies(cancelled());
        assertThat(waits).hasSize(41).allMatch(Pauses.STEP::equals);
        azure.settling(Duration.ZERO);
        world.provider.release(capture);
        assertThat(azure.estate().snapshots()).isEmpty();
    }

    @Test
    void cancelled_while_azure_refuses_pages_it_asks_no_more() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        azure.faults().always(AzureEmulator.reads(), Fault.tooMany());
        MemoryCapture capture = world.capture(machine);
        int[] waits = {0};
        AzureProvider provider = waiting(time -> {
            waits[0]++;
            capture.cancelIt();
        });
        assertThatThrownBy(() -> provider.capture(capture)).satisfies(cancelled());
        assertThat(waits[0]).isEqualTo(1);
        azure.faults().clear();
        world.provider.release(capture);
        assertThat(azure.estate().snapshots()).isEmpty();
    }

    private static Consumer<Throwable> cancelled() {
        return e -> assertThat(e)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.CANCELLED));
    }

    @Test
    void a_request_for_a_snapshot_whose_answer_is_lost_is_found_by_its_name() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(3)));
        MemoryCapture capture = world.capture(machine);
        azure.faults().always(AzureEmulator.action(WRITE), Fault.dropAnswer());
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        azure.faults().clear();
        int before = azure.actions().size();
        run(capture);
        assertThat(actionsSince(before)).doesNotContain(WRITE).contains(DELETE);
    }

    @Test
    void a_capture_that_goes_on_reads_no_block_twice() throws Exception {
        DiskImage disk = world.disk(60);
        Machine machine = world.machine(ManagedDisk.of(disk));
        azure.faults().after(31, 1000, AzureEmulator.reads(), Fault.broken());
        MemoryCapture capture = world.capture(machine);
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        azure.faults().clear();
        world.provider.capture(capture);
        String snapshot = azure.estate().snapshots().getFirst();
        assertThat(azure.blockReads(snapshot)).isEqualTo(disk.written().cardinality());
        world.provider.release(capture);
        expectCopy(capture, disk);
    }

    @Test
    void what_cannot_be_removed_now_is_removed_later() throws Exception {
        MemoryCapture capture = world.capture(world.machine(ManagedDisk.of(world.disk(3))));
        world.provider.capture(capture);
        azure.allowed().deny(DELETE);
        assertThatThrownBy(() -> world.provider.release(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e.reason()).contains(DELETE));
        azure.allowed().undeny(DELETE);
        world.provider.release(capture);
    }

    @Test
    void snapshots_of_captures_that_nobody_remembers_are_removed_when_their_time_is_over() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        world.provider.capture(world.capture(machine));
        assertThat(azure.estate().snapshots()).hasSize(1);
        world.clock.advance(Duration.ofDays(4));
        run(world.capture(machine));
        assertThat(azure.estate().snapshots()).isEmpty();
    }

    @Test
    void a_wrong_secret_is_said_in_words() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        MemoryCapture capture = world.capture(machine.id(), Map.of("client_id", "somebody-else"));
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(said.reason()).contains("AADSTS700016", "application id");
    }

    @Test
    void addresses_without_https_are_refused() throws Exception {
        Machine machine = world.machine(ManagedDisk.of(world.disk(1)));
        MemoryCapture capture = world.capture(machine.id(), Map.of("endpoint", "http://management.example.com"));
        assertThat(refused(capture).reason()).contains("endpoint must be an https address");
    }

    @Test
    void another_profile_is_refused() throws Exception {
        MemoryCapture capture =
                world.capture(world.machine(ManagedDisk.of(world.disk(1)))).collecting("memory");
        assertThat(refused(capture).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void a_look_before_says_size_encryption_and_what_is_missing_and_makes_nothing() throws Exception {
        Machine machine = world.machine(
                ManagedDisk.of(world.disk(3)), ManagedDisk.of(world.disk(1)).encryptedByGuest());
        azure.allowed().deny(DELETE);
        int before = azure.actions().size();
        Preflight look = world.provider
                .preflight(world.connection(Map.of()), machine.vmId(), AzureProvider.DISK)
                .orElseThrow();
        assertThat(look.host()).contains(machine.name());
        assertThat(look.platform()).contains("linux");
        assertThat(look.checks()).anySatisfy(check -> assertThat(check.detail()).contains("2 disks, 2 GiB"));
        assertThat(look.checks()).anySatisfy(check -> assertThat(check.detail()).contains("Azure Disk Encryption"));
        assertThat(look.checks()).anySatisfy(check -> assertThat(check.detail()).contains(DELETE));
        assertThat(actionsSince(before)).allMatch(action -> action.endsWith("/read"));
    }
}
