package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Azure logged of a machine.
@Tag("cloud")
final class CloudLogsTest {
    private static final String READ = "Microsoft.Insights/eventtypes/values/Read";
    private static final String CONSOLE = "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action";
    private static final String ACTIVITY = "varve/cloud/azure/activity.jsonl";
    private static final String SERIAL = "varve/cloud/azure/serial-console.log";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();
    private static Machine machine = unset();
    private static final List<String> NEWEST_FIRST = new ArrayList<>();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        world = new World(folder);
        azure = world.azure;
        machine = world.machine(ManagedDisk.of(world.disk(1)));
        Instant now = world.clock.instant();
        for (int i = 1; i <= 7; i++) {
            Instant at = now.minus(Duration.ofDays(i));
            azure.log(machine, at, "Microsoft.Compute/virtualMachines/write", "mallory%d@example.com".formatted(i));
            NEWEST_FIRST.add(at.toString());
        }
        azure.log(machine, now.minus(Duration.ofDays(20)), "Microsoft.Compute/virtualMachines/start/action", "old");
        Machine neighbour = azure.estate()
                .machine(AzureEmulator.SUBSCRIPTION, "other-group", "next", ManagedDisk.of(world.disk(1)));
        azure.log(neighbour, now.minus(Duration.ofHours(1)), "Microsoft.Compute/virtualMachines/delete", "else");
        network();
        azure.estate().traits(machine).console("[    0.000000] Linux version 6.1\r\nroot login on ttyS0\n\nno end");
    }

    /// With a Network Watcher that makes no flow log.
    private static void network() {
        String group = "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network"
                .formatted(AzureEmulator.SUBSCRIPTION, World.GROUP);
        String subnet = group + "/virtualNetworks/net/subnets/web";
        azure.networks().put(subnet, "{}");
        azure.networks().put(group + "/networkInterfaces/card", """
                        {"macAddress": "00-0D-3A-18-07-7E",
                         "ipConfigurations": [{"properties": {"subnet": {"id": "%s"}}}]}
                        """.formatted(subnet));
        azure.networks().put(group.replace(World.GROUP, "NetworkWatcherRG") + "/networkWatchers/watcher", "{}");
        azure.networks().attach(machine, group + "/networkInterfaces/card");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void calm() {
        azure.faults().clear();
        azure.allowed().allowAll();
    }

    private static MemoryCapture logs(Map<String, String> more) {
        return world.live(machine, more).collecting(RecordCapture.PROFILE);
    }

    private static void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
        world.provider.release(capture);
    }

    private static String member(MemoryCapture capture, String name) throws Exception {
        return String.join("\n", capture.lines(name));
    }

    private static List<String> times(String activity) throws IOException {
        var times = new ArrayList<String>();
        for (String line : activity.lines().toList()) {
            times.add(JSON.readTree(line).path("eventTimestamp").asText());
        }
        return times;
    }

    private static List<JsonNode> outcomes(MemoryCapture capture) throws Exception {
        var outcomes = new ArrayList<JsonNode>();
        for (String line : member(capture, "varve/outcomes.jsonl").lines().toList()) {
            outcomes.add(JSON.readTree(line));
        }
        return outcomes;
    }

    @Test
    void records_of_the_window_come_in_order_over_several_pages() throws Exception {
        MemoryCapture capture = logs(Map.of());
        run(capture);
        String activity = member(capture, ACTIVITY);
        assertThat(times(activity)).isEqualTo(NEWEST_FIRST);
        assertThat(activity).contains("mallory1@example.com", "198.51.100.7").doesNotContain("other-group", "\"old\"");
        assertThat(capture.lines(SERIAL))
                .containsExactly("[    0.000000] Linux version 6.1", "root login on ttyS0", "", "no end");
        assertThat(outcomes(capture))
                .extracting(outcome -> outcome.path("artifact").asText() + " "
                        + outcome.path("status").asText())
                .containsExactly("AzureActivityLog collected", "AzureSerialConsole collected", "AzureFlowLogs failed");
        assertThat(JSON.readTree(member(capture, "varve/capture.json"))
                        .at("/cloud/instance")
                        .asText())
                .isEqualTo(machine.id());
        assertThat(capture.custodyLines())
                .anySatisfy(
                        line -> assertThat(line).startsWith("instance.found").contains(machine.id()))
                .anySatisfy(line -> assertThat(line).contains("AzureActivityLog, 7 records"));
        assertThat(String.join("\n", capture.custodyLines()) + capture.steps()).doesNotContain("sig=");
    }

    @Test
    void that_no_flow_log_is_made_is_said() throws Exception {
        MemoryCapture capture = logs(Map.of());
        run(capture);
        assertThat(outcomes(capture)).anySatisfy(outcome -> {
            assertThat(outcome.path("artifact").asText()).isEqualTo("AzureFlowLogs");
            assertThat(outcome.path("reason").asText()).contains("makes no flow log", machine.name());
        });
    }

    @Test
    void the_setting_says_how_far_back_and_ninety_days_are_not_too_many() throws Exception {
        MemoryCapture few = logs(Map.of("log_days", "2"));
        run(few);
        assertThat(times(member(few, ACTIVITY))).isEqualTo(NEWEST_FIRST.subList(0, 2));
        MemoryCapture all = logs(Map.of("log_days", "90"));
        run(all);
        assertThat(times(member(all, ACTIVITY))).hasSize(8);
    }

    @Test
    void a_log_that_is_refused_is_an_outcome_and_the_other_goes_on() throws Exception {
        azure.allowed().deny(READ);
        MemoryCapture capture = logs(Map.of());
        run(capture);
        assertThat(outcomes(capture)).anySatisfy(outcome -> {
            assertThat(outcome.path("artifact").asText()).isEqualTo("AzureActivityLog");
            assertThat(outcome.path("status").asText()).isEqualTo("failed");
            assertThat(outcome.path("reason").asText()).contains(READ);
        });
        assertThat(member(capture, SERIAL)).contains("root login");

        azure.allowed().undeny(READ);
        azure.allowed().deny(CONSOLE);
        MemoryCapture other = logs(Map.of());
        run(other);
        assertThat(times(member(other, ACTIVITY))).isEqualTo(NEWEST_FIRST);
        assertThat(outcomes(other))
                .anySatisfy(
                        outcome -> assertThat(outcome.path("reason").asText()).contains(CONSOLE));
    }

    @Test
    void without_boot_diagnostics_there_is_a_reason() throws Exception {
        Machine quiet = world.machine(ManagedDisk.of(world.disk(1)));
        MemoryCapture capture = world.live(quiet, Map.of()).collecting(RecordCapture.PROFILE);
        run(capture);
        assertThat(outcomes(capture))
                .anySatisfy(outcome ->
                        assertThat(outcome.path("reason").asText()).contains("boot diagnostics of", "are off"));
    }

    @Test
    void an_answer_that_fails_is_no_end_of_the_log() throws Exception {
        MemoryCapture capture = logs(Map.of());
        azure.faults().after(2, 100, AzureEmulator.action(READ), Fault.broken());
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
        azure.faults().clear();
        run(capture);
        assertThat(times(member(capture, ACTIVITY))).isEqualTo(NEWEST_FIRST);
    }

    @Test
    void killed_after_any_step_it_goes_on() throws Exception {
        MemoryCapture whole = logs(Map.of());
        run(whole);
        for (int step = 1; step <= whole.steps().size(); step++) {
            MemoryCapture capture = logs(Map.of());
            capture.breakAfter(step);
            assertThatThrownBy(() -> run(capture)).isInstanceOf(KilledException.class);
            run(capture);
            assertThat(times(member(capture, ACTIVITY))).as("step %d", step).isEqualTo(NEWEST_FIRST);
            assertThat(member(capture, SERIAL)).as("step %d", step).contains("root login");
        }
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        azure.allowed().grantOnly(Feature.LOGS.actions(), List.of());
        int before = azure.actions().size();
        run(logs(Map.of()));
        List<String> used = azure.actions().stream()
                .skip(before)
                .map(AzureEmulator.Action::name)
                .distinct()
                .toList();
        assertThat(used).containsExactlyInAnyOrderElementsOf(Feature.LOGS.actions());
    }

    @Test
    void the_check_shows_rights_of_logs_when_days_are_set() throws Exception {
        azure.allowed().deny(READ);
        assertThat(new AzureVendor().check(world.connection(Map.of())))
                .extracting(Check::name)
                .doesNotContain(READ);
        assertThat(new AzureVendor().check(world.connection(Map.of("log_days", "30"))))
                .filteredOn(check -> check.name().equals(READ))
                .extracting(Check::result)
                .containsExactly(Check.Result.MISSING);
    }

    @Test
    void a_look_ahead_says_that_nothing_is_changed() throws Exception {
        Preflight ahead = world.provider
                .preflight(world.connection(Map.of()), machine.vmId(), RecordCapture.PROFILE)
                .orElseThrow();
        assertThat(ahead.checks()).extracting(Check::result).containsOnly(Check.Result.OK);
        assertThat(ahead.touches()).contains("Nothing is run, written or changed.");
    }
}
