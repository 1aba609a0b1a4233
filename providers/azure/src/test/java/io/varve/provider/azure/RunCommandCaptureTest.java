package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Live machines: the commands really run, on a device that has the network of this machine, and files pass
/// through Microsoft's own emulator of Azure storage.
@Tag("cloud")
final class RunCommandCaptureTest {
    private static final String BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";
    private static final String RUN = "Microsoft.Compute/virtualMachines/runCommands/";

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();
    private static StorageAccount storage = unset();
    private static Device device = unset();
    private static Machine machine = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap on this machine: devices are skipped");
        world = new World(folder);
        azure = world.azure;
        storage = StorageAccount.behind(azure, folder);
        device = Device.connected(DeviceFacts.of("web-7"), folder);
        StorageAccount.trusted(device, azure);
        machine = world.machine(ManagedDisk.of(world.disk(1)));
        azure.agent(machine, device);
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
        azure.faults().clear();
        azure.allowed().allowAll();
        azure.estate().traits(machine).power("running");
        device.comeOnline();
    }

    /// What is there soonest.
    private static MemoryCapture live() {
        return triage().collecting("volatile");
    }

    private static MemoryCapture triage() {
        return world.live(machine, storage.settings());
    }

    private static void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
        world.provider.release(capture);
    }

    private static ProviderException refused(MemoryCapture capture) {
        var said = new AtomicReference<ProviderException>();
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(said::set);
        return said.get();
    }

    private static void expectNothingLeft() {
        assertThat(storage.blobs()).isEmpty();
        assertThat(azure.commands(machine)).isEmpty();
        assertThat(azure.estate().snapshots()).isEmpty();
    }

    @Test
    void a_live_machine_is_collected_and_left_as_it_was() throws Exception {
        Snapshot before = device.snapshot();
        MemoryCapture capture = triage();
        run(capture);

        assertThat(capture.members())
                .contains(
                        "varve/outcomes.jsonl",
                        "fs/etc/passwd",
                        "fs/var/log/auth.log",
                        "varve/volatile/processes.jsonl");
        assertThat(before.changes(device.snapshot())).isEmpty();
        expectNothingLeft();
        assertThat(capture.custodyLines())
                .anySatisfy(line ->
                        assertThat(line).startsWith("instance.found").contains(machine.id(), "caller application "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("host.found")
                        .contains("web-7", machine.vmId(), AzureEmulator.CLIENT))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("collector.delivered")
                        .contains("%s/varve-relay/%s".formatted(storage.text(), capture.capture()))
                        .containsPattern("request [0-9a-f-]{36} \\(correlation [0-9a-f-]{36}\\)"))
                .anySatisfy(line -> assertThat(line).startsWith("parts.verified"));
        assertThat(String.join("\n", capture.custodyLines()) + capture.steps() + capture.progressTexts())
                .doesNotContain("sig=");
    }

    @Test
    void addresses_are_good_for_one_blob_and_one_right_and_a_quarter_of_an_hour() throws Exception {
        int before = azure.secrets(machine).size();
        MemoryCapture capture = live();
        run(capture);
        OffsetDateTime latest = OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(15);
        List<String> addresses = azure.secrets(machine).stream().skip(before).toList();
        assertThat(addresses)
                .hasSizeGreaterThan(2)
                .allSatisfy(address -> assertThat(address)
                        .startsWith("%s/varve-relay/%s/".formatted(storage.text(), capture.capture()))
                        .contains("sr=b", "spr=https", "skoid=")
                        .containsPattern("[?&]sp=[rw]&")
                        .satisfies(one -> assertThat(until(one)).isBefore(latest)));
    }

    @Test
    void who_may_read_commands_sees_no_signed_address() throws Exception {
        MemoryCapture capture = triage();
        run(capture);
        List<String> scripts = azure.scripts(machine);
        assertThat(azure.secrets(machine))
                .anySatisfy(secret -> assertThat(secret).contains("sig="));
        assertThat(scripts).isNotEmpty().noneMatch(script -> script.contains("sig=") || script.contains("https://"));
        // what was answered names the commands of this capture, and what they said
        assertThat(azure.commandAnswers())
                .anyMatch(answer -> answer.contains("varve-" + capture.capture()) && answer.contains("VARVE_address_0"))
                .anyMatch(answer -> answer.contains("varve: done"))
                .noneMatch(answer -> answer.contains("sig=") || answer.contains("protectedParameters"));
    }

    private static OffsetDateTime until(String address) {
        return Pattern.compile("[?&]se=([^&]+)")
                .matcher(address)
                .results()
                .map(found -> OffsetDateTime.parse(URLDecoder.decode(found.group(1), StandardCharsets.UTF_8)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void an_agent_that_goes_away_in_the_middle_is_worth_another_try() throws Exception {
        azure.faults().at(3, AzureEmulator.action(RUN + "write"), device::goOffline);
        MemoryCapture capture = live();
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.OFFLINE);
        assertThat(said.reason()).contains("in time");
        device.comeOnline();
        run(capture);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft();
    }

    @Test
    void killed_after_every_step_it_goes_on() throws Exception {
        MemoryCapture whole = live();
        run(whole);
        MemoryCapture capture = live();
        assertThat(capture.dyingAtEveryStep(() -> run(capture)))
                .isEqualTo(whole.steps().size());
        assertThat(capture.steps().keySet()).isEqualTo(whole.steps().keySet());
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft();
    }

    @Test
    void what_a_worker_that_died_left_is_removed_at_the_end() throws Exception {
        azure.allowed().deny(RUN + "delete");
        MemoryCapture capture = live();
        world.provider.capture(capture);
        storage.put("varve-relay/%s/part-0".formatted(capture.capture()));
        storage.put("varve-relay/another/part-0");
        assertThat(azure.commands(machine)).isNotEmpty();
        assertThatThrownBy(() -> world.provider.release(capture))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining(RUN + "delete");
        azure.allowed().allowAll();
        world.provider.release(capture);
        assertThat(azure.commands(machine)).isEmpty();
        assertThat(storage.blobs()).containsExactly("varve-relay/another/part-0");
        assertThat(capture.custodyActions()).contains("commands.removed", "relay.cleared");
        storage.remove("varve-relay/another/part-0");
    }

    @Test
    void an_agent_that_is_not_ready_is_worth_another_try() throws Exception {
        device.goOffline();
        MemoryCapture capture = live();
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.OFFLINE);
        assertThat(said.retryAfter()).isPresent();
        assertThat(said.reason()).contains("Not Ready");
        device.comeOnline();
        run(capture);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft();
    }

    @Test
    void a_machine_that_is_stopped_is_worth_another_try_also_when_it_stops_meanwhile() throws Exception {
        azure.estate().traits(machine).power("deallocated");
        ProviderException before = refused(live());
        assertThat(before.kind()).isEqualTo(Kind.OFFLINE);
        assertThat(before.reason()).contains("deallocated");

        azure.estate().traits(machine).power("running");
        azure.faults()
                .at(
                        2,
                        AzureEmulator.action(RUN + "write"),
                        () -> azure.estate().traits(machine).power("stopped"));
        MemoryCapture capture = live();
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.OFFLINE);
        assertThat(said.retryAfter()).isPresent();
        azure.estate().traits(machine).power("running");
        run(capture);
        expectNothingLeft();
    }

    @Test
    void without_a_container_nothing_is_begun() {
        MemoryCapture capture = world.live(machine, Map.of());
        int before = azure.scripts(machine).size();
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.REFUSED);
        assertThat(said.reason()).contains("Container for triage");
        assertThat(capture.steps()).isEmpty();
        assertThat(azure.scripts(machine)).hasSize(before);
    }

    @Test
    void an_account_without_a_container_is_refused() {
        assertThat(refused(world.live(machine, Map.of("relay_account", "triage")))
                        .reason())
                .contains("relay_container is not set");
    }

    @Test
    void a_container_that_takes_nothing_is_said_in_its_words() throws Exception {
        azure.allowed().deny(BLOBS + "write");
        MemoryCapture capture = live();
        ProviderException said = refused(capture);
        assertThat(said.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(said.reason()).contains(storage.text(), "AuthorizationPermissionMismatch");
        azure.allowed().allowAll();
        world.provider.release(capture);
        expectNothingLeft();
    }

    @Test
    void calls_that_fail_once_are_made_again() throws Exception {
        azure.faults()
                .next(1, AzureEmulator.action(RUN + "write"), Fault.tooMany())
                .next(1, AzureEmulator.action(RUN + "read"), Fault.broken())
                .next(1, AzureEmulator.storageAction(BLOBS + "write"), Fault.broken());
        MemoryCapture capture = live();
        run(capture);
        assertThat(capture.members()).contains("varve/volatile/processes.jsonl");
        expectNothingLeft();
    }

    @Test
    void a_look_ahead_says_what_is_there_and_what_will_be_done() throws Exception {
        int before = azure.scripts(machine).size();
        Preflight ahead = world.provider
                .preflight(world.connection(storage.settings()), machine.id(), "triage")
                .orElseThrow();
        assertThat(ahead.host()).contains("web-7");
        assertThat(ahead.platform()).contains("linux");
        assertThat(ahead.online()).contains(true);
        assertThat(ahead.checks()).extracting(Check::result).containsOnly(Check.Result.OK);
        assertThat(ahead.touches()).anySatisfy(line -> assertThat(line).contains("fifteen minutes"));
        assertThat(azure.scripts(machine)).hasSize(before);

        device.goOffline();
        azure.allowed().deny(RUN + "write");
        Preflight bad = world.provider
                .preflight(world.connection(Map.of()), machine.id(), "triage")
                .orElseThrow();
        assertThat(bad.checks())
                .extracting(Check::result)
                .containsExactly(Check.Result.MISSING, Check.Result.FAILED, Check.Result.FAILED);
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        var actions = new ArrayList<>(Feature.TRIAGE.actions());
        actions.addAll(Feature.RELAY.actions());
        azure.allowed().grantOnly(actions, Feature.RELAY.dataActions());
        int before = azure.actions().size();
        run(triage());
        List<String> used = azure.actions().stream()
                .skip(before)
                .map(AzureEmulator.Action::name)
                .distinct()
                .toList();
        actions.addAll(Feature.RELAY.dataActions());
        assertThat(used).containsAll(actions);
    }

    @Test
    void the_check_shows_rights_and_container_of_a_triage_when_it_is_set_up() throws Exception {
        azure.allowed().deny(BLOBS + "read");
        var settings = new HashMap<>(storage.settings());
        assertThat(new AzureVendor().check(world.connection(settings)))
                .filteredOn(
                        check -> check.name().startsWith(RUN) || check.name().equals("Container for triage"))
                .extracting(Check::result)
                .containsExactly(Check.Result.OK, Check.Result.OK, Check.Result.OK, Check.Result.FAILED);
    }
}
