package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.MemoryCapture.KilledException;
import io.varve.provider.collector.record.RecordCapture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Flow logs of a machine's network interfaces, out of Microsoft's own emulator of Azure storage. It is
/// 2026-11-27 03:00.
@Tag("cloud")
final class FlowLogsTest {
    private static final String FOLDER = "varve/cloud/azure/flow-logs/";
    private static final String OURS = "000D3A18077E";
    private static final String OTHERS = "000D3AFFFFFF";
    private static final String BLOB_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    private static final String NETWORK = "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network"
            .formatted(AzureEmulator.SUBSCRIPTION, World.GROUP);
    private static final String GROUP = NETWORK + "/networkSecurityGroups/web-nsg";
    private static final String NET = NETWORK + "/virtualNetworks/Net";
    private static final String WATCHER = NETWORK.replace(World.GROUP, "NetworkWatcherRG") + "/networkWatchers/Watch";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();
    private static Machine machine = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        world = new World(folder);
        azure = world.azure;
        StorageAccount storage = StorageAccount.behind(azure, folder);
        machine = world.machine(ManagedDisk.of(world.disk(1)));
        network();
        ofGroup(storage.another("insights-logs-networksecuritygroupflowevent"));
        ofNet(storage.another("insights-logs-flowlogflowevent"));
    }

    private static void network() {
        azure.networks().put(NET + "/subnets/web", "{\"networkSecurityGroup\": {\"id\": \"%s\"}}".formatted(GROUP));
        azure.networks().put(NETWORK + "/networkInterfaces/card", """
                {"macAddress": "00-0d-3a-18-07-7e",
                 "ipConfigurations": [{"properties": {"subnet": {"id": "%s/subnets/web"}}}]}
                """.formatted(NET));
        azure.networks().attach(machine, NETWORK + "/networkInterfaces/card");
        azure.networks().put(WATCHER, "{}");
        flowLog("nsg log", GROUP.toUpperCase(Locale.ROOT), AzureEmulator.storageAccount());
        flowLog("net-log", NET, AzureEmulator.storageAccount());
        flowLog("away", NET, AzureEmulator.storageAccount().replace(AzureEmulator.SUBSCRIPTION, "not-ours"));
        flowLog("elsewhere", NETWORK + "/virtualNetworks/other", AzureEmulator.storageAccount());
    }

    private static void flowLog(String name, String target, String storage) {
        azure.networks()
                .put("%s/flowLogs/%s".formatted(WATCHER, name.replace(' ', '.')), """
                {"targetResourceId": "%s", "storageId": "%s", "enabled": false, "format": {"type": "JSON", "version": 2}}
                """.formatted(target, storage));
    }

    private static void put(BlobContainerClient container, String folder, String hour, String mac, String content) {
        container
                .getBlobClient("%s/%s/m=00/macAddress=%s/PT1H.json".formatted(folder, hour, mac))
                .upload(BinaryData.fromString(content), true);
    }

    private static String ofGroup(String time, String mac, String tuple) {
        return """
                {"time":"%1$s","systemId":"s","macAddress":"%2$s","category":"NetworkSecurityGroupFlowEvent",
                "resourceId":"/SUBSCRIPTIONS/X","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,
                "flows":[{"rule":"r","flows":[{"mac":"%2$s","flowTuples":["%3$s"]}]}]}}""".formatted(time, mac, tuple);
    }

    private static void ofGroup(BlobContainerClient container) {
        String place = "resourceId=" + GROUP.toUpperCase(Locale.ROOT);
        put(
                container,
                place,
                "y=2026/m=11/d=27/h=02",
                OURS,
                "{\"records\":[%s,%s,%s]}"
                        .formatted(
                                ofGroup("2026-11-27T02:00:01Z", OURS, "1,last"),
                                ofGroup("2026-11-27T02:01:01Z", OTHERS, "1,not ours"),
                                ofGroup("2026-11-27T03:00:01Z", OURS, "1,too late")));
        put(
                container,
                place,
                "y=2026/m=11/d=25/h=23",
                OURS,
                "{\"records\":[%s]}".formatted(ofGroup("2026-11-25T23:00:01Z", OURS, "1,first")));
        put(container, place, "y=2026/m=11/d=26/h=01", OTHERS, "{\"records\":[]}");
        put(container, place, "y=2026/m=11/d=26/h=02", OURS, "{\"records\":[{\"cut");
        put(
                container,
                place,
                "y=2026/m=11/d=10/h=01",
                OURS,
                "{\"records\":[%s]}".formatted(ofGroup("2026-11-10T01:00:01Z", OURS, "1,old")));
        put(
                container,
                place + "-2",
                "y=2026/m=11/d=27/h=02",
                OURS,
                "{\"records\":[%s]}".formatted(ofGroup("2026-11-27T02:00:01Z", OURS, "1,another group")));
    }

    private static void ofNet(BlobContainerClient container) {
        var tuples = new ArrayList<String>();
        for (int i = 0; i < 9_000; i++) {
            tuples.add("\"1795744801%03d,10.0.0.6,198.51.100.9,%d,443,6,O,E,NX,3,767,2,1580\"".formatted(i % 1000, i));
        }
        put(
                container,
                "flowLogResourceID=/%s_NETWORKWATCHERRG/WATCH_NET-LOG".formatted(AzureEmulator.SUBSCRIPTION),
                "y=2026/m=11/d=27/h=02",
                OURS,
                """
                {"records": [
                 {"time": "2026-11-27T02:00:01Z", "flowLogVersion": 4, "macAddress": "%s", "flowRecords": {"flows": [
                  {"aclID": "a", "flowGroups": [{"rule": "r", "flowTuples": [%s]}]}]}}
                ]}
                """.formatted(OURS, String.join(",", tuples)));
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

    private static MemoryCapture logs() {
        return world.live(machine, Map.of("subscriptions", AzureEmulator.SUBSCRIPTION))
                .collecting(RecordCapture.PROFILE);
    }

    private static MemoryCapture captured() throws Exception {
        MemoryCapture capture = logs();
        world.provider.capture(capture);
        return capture;
    }

    private static List<JsonNode> read(MemoryCapture capture, String member) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (String line : capture.lines(member)) {
            all.add(JSON.readTree(line));
        }
        return all;
    }

    private static List<String> reasons(MemoryCapture capture) throws Exception {
        return read(capture, "varve/outcomes.jsonl").stream()
                .filter(outcome -> outcome.path("artifact").asText().equals(FlowLogs.ARTIFACT))
                .filter(outcome -> outcome.path("status").asText().equals("failed"))
                .map(outcome -> outcome.path("path").asText() + ": "
                        + outcome.path("reason").asText())
                .toList();
    }

    @Test
    void records_of_the_machine_and_the_window_come_in_order_and_no_others() throws Exception {
        MemoryCapture capture = captured();
        assertThat(read(capture, FOLDER + "nsg.log.jsonl"))
                .extracting(record ->
                        record.at("/properties/flows/0/flows/0/flowTuples/0").asText())
                .containsExactly("1,first", "1,last");
        assertThat(capture.members())
                .contains(FOLDER + "net-log.jsonl")
                .doesNotContain(FOLDER + "elsewhere.jsonl", FOLDER + "away.jsonl");
    }

    @Test
    void a_long_record_comes_in_pieces_with_every_tuple_once() throws Exception {
        MemoryCapture capture = captured();
        List<JsonNode> pieces = read(capture, FOLDER + "net-log.jsonl");
        assertThat(pieces).hasSize(5).allSatisfy(piece -> {
            assertThat(piece.path("macAddress").asText()).isEqualTo(OURS);
            assertThat(piece.at("/flowRecords/flows/0/aclID").asText()).isEqualTo("a");
            assertThat(piece.at("/flowRecords/flows/0/flowGroups/0/rule").asText())
                    .isEqualTo("r");
            assertThat(piece.toString().length()).isLessThan(1 << 20);
        });
        var ports = new ArrayList<Integer>();
        for (JsonNode piece : pieces) {
            piece.at("/flowRecords/flows/0/flowGroups/0/flowTuples")
                    .forEach(tuple -> ports.add(Integer.valueOf(tuple.asText().split(",")[3])));
        }
        assertThat(ports).hasSize(9_000).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void what_is_damaged_or_out_of_reach_is_said_and_the_others_go_on() throws Exception {
        MemoryCapture capture = captured();
        assertThat(reasons(capture))
                .anySatisfy(reason -> assertThat(reason)
                        .startsWith(FOLDER + "nsg.log.jsonl beyond record 2")
                        .contains("not whole (1 times)", "d=26/h=02", "is not JSON"))
                .anySatisfy(reason -> assertThat(reason)
                        .startsWith(FOLDER + "away.jsonl")
                        .contains("whose subscription is none of this integration"))
                .hasSize(2);
    }

    @Test
    void a_storage_account_that_refuses_is_said_and_the_others_go_on() throws Exception {
        azure.allowed().deny(BLOB_READ);
        azure.log(
                machine, world.clock.instant().minusSeconds(60), "Microsoft.Compute/virtualMachines/write", "mallory");
        MemoryCapture capture = captured();
        assertThat(reasons(capture))
                .anySatisfy(reason -> assertThat(reason).contains("net-log", "AuthorizationPermissionMismatch"))
                .anySatisfy(reason -> assertThat(reason).contains("nsg.log", "AuthorizationPermissionMismatch"));
        assertThat(capture.members()).contains("varve/cloud/azure/activity.jsonl");
    }

    @Test
    void a_list_that_is_refused_is_said_with_the_right_that_lacks() throws Exception {
        for (String right : List.of(
                "Microsoft.Network/networkInterfaces/read",
                "Microsoft.Network/networkWatchers/flowLogs/read",
                "Microsoft.Network/networkWatchers/read",
                "Microsoft.Network/virtualNetworks/subnets/read")) {
            azure.allowed().allowAll();
            azure.allowed().deny(right);
            assertThat(reasons(captured()))
                    .singleElement()
                    .satisfies(reason -> assertThat(reason).contains(right));
        }
    }

    @Test
    void killed_after_any_step_it_goes_on() throws Exception {
        int steps = captured().steps().size();
        for (int step = 1; step <= steps; step++) {
            MemoryCapture capture = logs();
            capture.breakAfter(step);
            assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(KilledException.class);
            world.provider.capture(capture);
            assertThat(read(capture, FOLDER + "nsg.log.jsonl"))
                    .as("step %d", step)
                    .hasSize(2);
            assertThat(read(capture, FOLDER + "net-log.jsonl"))
                    .as("step %d", step)
                    .hasSize(5);
        }
    }

    @Test
    void an_interface_without_a_mac_address_is_said() throws Exception {
        Machine fresh = world.machine(ManagedDisk.of(world.disk(1)));
        azure.networks().put(NETWORK + "/networkInterfaces/fresh", """
                {"ipConfigurations": [{"properties": {"subnet": {"id": "%s/subnets/web"}}}]}
                """.formatted(NET));
        azure.networks().attach(fresh, NETWORK + "/networkInterfaces/fresh");
        azure.log(fresh, world.clock.instant().minusSeconds(60), "Microsoft.Compute/virtualMachines/write", "mallory");
        MemoryCapture capture = world.live(fresh, Map.of()).collecting(RecordCapture.PROFILE);
        world.provider.capture(capture);
        assertThat(reasons(capture))
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("no MAC address", "networkinterfaces/fresh"));
    }

    @Test
    void a_look_ahead_names_the_flow_logs_and_what_lets_nobody_in() throws Exception {
        assertThat(ahead().result()).isEqualTo(Check.Result.MISSING);
        assertThat(ahead().detail())
                .contains("away", "none of this integration")
                .doesNotContain("net-log");
        azure.allowed().deny(BLOB_READ);
        assertThat(ahead().detail()).contains("net-log", "AuthorizationPermissionMismatch");
    }

    private static Check ahead() throws Exception {
        return world
                .provider
                .preflight(
                        world.connection(Map.of("subscriptions", AzureEmulator.SUBSCRIPTION)),
                        machine.id(),
                        RecordCapture.PROFILE)
                .orElseThrow()
                .checks()
                .stream()
                .filter(check -> check.name().equals("Flow logs"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_documented_rights_are_enough() throws Exception {
        var actions = new ArrayList<>(Feature.LOGS.actions());
        actions.addAll(Feature.FLOWS.actions());
        azure.allowed().grantOnly(actions, Feature.FLOWS.dataActions());
        MemoryCapture capture = captured();
        assertThat(capture.members()).contains(FOLDER + "nsg.log.jsonl", FOLDER + "net-log.jsonl");
    }
}
