package io.varve.emulator.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
final class CaptureCallsTest {
    private static final Instant START = Instant.parse("2026-03-22T10:00:00Z");
    private static final String PASSWORD = "Correct-Horse-7";
    private static final String SCRIPT = """
            echo "job $1 and $2"
            echo trouble >&2
            echo part > "$S1_OUTPUT_DIR_PATH/part1"
            echo other > /tmp/part2
            (sleep 1; echo alive > /tmp/child) </dev/null >/dev/null 2>&1 &
            """;

    @TempDir
    Path folder = Path.of("");

    private final TestClock clock = TestClock.stoppedAt(START);
    private final SentinelOneEmulator console = new SentinelOneEmulator(clock);
    private final Client client = new Client(console.url(), "t0ken");

    @SuppressWarnings("NullAway.Init")
    private Device device;

    @SuppressWarnings("NullAway.Init")
    private Agent agent;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        device = Device.start(DeviceFacts.of("web77"), folder);
        var permissions = new HashSet<>(ServiceUser.CAPTURE);
        permissions.add("Endpoints.reconnectToNetwork");
        console.register(new ServiceUser("varve", "t0ken", START.plus(Duration.ofDays(180)), permissions));
        agent = console.add(device);
        console.start();
    }

    @AfterEach
    void stop() {
        console.close();
        if (device != null) {
            device.close();
        }
    }

    @Test
    void agents_are_found_and_tell_their_network_state() {
        assertThat(client.get("/agents?computerName=web77")
                        .json()
                        .at("/data/0/networkStatus")
                        .asText())
                .isEqualTo("disconnected");
        device.containment(Containment.RELEASE_PENDING);
        assertThat(client.get("/agents?networkStatuses=connecting&ids=" + agent.id())
                        .json()
                        .at("/data/0/uuid")
                        .asText())
                .isEqualTo(agent.uuid());
        device.goOffline();
        assertThat(client.get("/agents?computerName__contains=EB7")
                        .json()
                        .at("/data/0/isActive")
                        .asBoolean())
                .isFalse();
        assertThat(client.get("/agents?computerName=web").data()).isEmpty();
        assertThat(client.get("/agents?shoeSize=7").status()).isEqualTo(400);
        device.containment(Containment.NORMAL);
        assertThat(client.get("/activities?activityTypes=1002&agentIds=" + agent.id())
                        .data())
                .hasSize(1);
    }

    @Test
    void two_fetches_are_told_apart_by_their_batches() throws IOException {
        console.behaviour().uploadDelay = Duration.ofSeconds(30);
        assertThat(fetch("/etc/hostname").data().path("success").asBoolean()).isTrue();
        fetch("/etc/passwd", "/no/such/file");
        JsonNode asked = client.get("/activities?activityTypes=81&sortBy=createdAt&sortOrder=desc")
                .data();
        assertThat(asked).hasSize(2);
        assertThat(uploads()).isEmpty();
        clock.advance(Duration.ofSeconds(31));
        await().until(() -> uploads().size() == 2);
        assertThat(uploads().findValuesAsText("commandBatchUuid"))
                .containsExactlyInAnyOrderElementsOf(asked.findValuesAsText("commandBatchUuid"));

        String url = upload(asked.findValuesAsText("commandBatchUuid"), "etc/hostname");
        clock.advance(Duration.ofDays(4));
        Client.Answer gone = client.get(url);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().at("/errors/0/code").asInt()).isEqualTo(4_100_010);
    }

    /// Opens both uploads; the link of the one that holds the member.
    private String upload(List<String> batches, String member) throws IOException {
        String found = "";
        for (JsonNode row : uploads()) {
            assertThat(batches).contains(row.at("/data/commandBatchUuid").asText());
            String url = row.at("/data/downloadUrl").asText();
            Map<String, String> members = Client.unpacked(client.get(url).bytes(), PASSWORD, folder);
            assertThat(members).hasSize(1);
            found = members.containsKey(member) ? url : found;
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    @Test
    void more_than_the_limit_is_refused_or_never_comes() throws IOException {
        device.put("/var/tmp/large", new byte[11 << 20]);
        assertThat(fetch("/var/tmp/large").status()).isEqualTo(400);
        console.behaviour().tooLarge = Behaviour.TooLarge.SILENT;
        assertThat(fetch("/var/tmp/large").status()).isEqualTo(200);
        fetch("/etc/hostname");
        await().until(() -> uploads().size() == 1);
        assertThat(client.get("/activities?activityTypes=81").data()).hasSize(2);
        assertThat(client.post(fetchPath(), "{\"data\":{\"files\":[\"/etc/hostname\"],\"password\":\"weak\"}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_script_runs_with_its_arguments_and_its_children_go_on() throws IOException {
        String script = script(SCRIPT);
        String parent = execute(script, "\"outputFilePaths\":[\"/tmp/part2\"],")
                .path("parentTaskId")
                .asText();
        JsonNode row = over(parent);
        assertThat(row.path("status").asText()).isEqualTo("completed");
        assertThat(row.path("scriptResultsSignature").asText()).hasSize(64);

        for (Behaviour.ResultShape shape : Behaviour.ResultShape.values()) {
            console.behaviour().resultShape = shape;
            Client.Answer links = results(row);
            JsonNode link = links.json().findValue("downloadUrl");
            Map<String, String> members =
                    Client.unpacked(client.link(link.asText()).bytes(), PASSWORD, folder);
            assertThat(members)
                    .containsEntry("stdout.txt", "job a b and c\n")
                    .containsEntry("stderr.txt", "trouble\n")
                    .containsEntry("part1", "part\n")
                    .containsEntry("part2", "other\n");
        }
        String url = results(row).json().findValue("downloadUrl").asText();
        assertThat(client.link(url, "Authorization", "ApiToken t0ken").status()).isEqualTo(400);
        assertThat(client.link(url, "Range", "bytes=2-9").bytes()).hasSize(8);
        clock.advance(Duration.ofSeconds(3601));
        assertThat(client.link(url).status()).isEqualTo(403);
        await().until(() -> device.exists("/tmp/child"));
        assertThat(device.list(console.behaviour().scriptFolder)).isEmpty();
        assertThat(client.method("DELETE", "/remote-scripts", "{\"filter\":{\"ids\":[\"" + script + "\"]}}")
                        .data()
                        .path("affected")
                        .asInt())
                .isEqualTo(1);
        assertThat(console.scripts()).isEmpty();
        console.assertNoContainmentCalls();
    }

    @Test
    void results_may_be_blocked_in_quarantine_or_too_large() {
        console.behaviour().resultsBlockedInQuarantine = true;
        JsonNode blocked =
                over(execute(script("echo x"), "").path("parentTaskId").asText());
        assertThat(blocked.path("status").asText()).isEqualTo("partially_completed");
        assertThat(results(blocked).json().findValue("errorString").asText()).contains("disconnected");
        console.behaviour().resultsBlockedInQuarantine = false;
        console.behaviour().resultLimit = 10;
        JsonNode large = over(execute(script("exit 4"), "").path("parentTaskId").asText());
        assertThat(large.path("detailedStatus").asText()).contains("limit");
    }

    @Test
    void tasks_wait_for_the_agent_and_for_approval() {
        String script = script("echo x; exit 4");
        device.goOffline();
        String waiting = execute(script, "").path("parentTaskId").asText();
        assertThat(rows(waiting).at("/0/status").asText()).isEqualTo("pending");
        device.comeOnline();
        assertThat(over(waiting).path("detailedStatus").asText()).contains("exit code 4");

        console.behaviour().approvalNeeded = true;
        JsonNode pending = execute(script, "");
        assertThat(pending.path("pending").asBoolean()).isTrue();
        assertThat(pending.path("parentTaskId").isNull()).isTrue();
        String parent = console.decide(pending.path("pendingExecutionId").asText(), true)
                .orElseThrow();
        assertThat(over(parent).path("status").asText()).isEqualTo("completed");
    }

    @Test
    void a_script_that_takes_too_long_is_ended() throws IOException {
        console.behaviour().leastRealTime = Duration.ZERO;
        String parent = execute(script("touch /tmp/begun; sleep 600"), "\"scriptRuntimeTimeoutSeconds\":60,")
                .path("parentTaskId")
                .asText();
        await().until(() -> device.exists("/tmp/begun"));
        clock.advance(Duration.ofSeconds(61));
        assertThat(over(parent).path("detailedStatus").asText()).contains("timed out");
    }

    @Test
    void an_execution_that_reaches_nobody_answers_200() {
        console.add("mac1", "macos");
        String windows = client.upload("x.ps1", "x", "artifactCollection")
                .data()
                .path("id")
                .asText();
        JsonNode nobody =
                client.post("/remote-scripts/execute", """
                        {"filter":{"ids":["1"]},"data":{"scriptId":"%s","taskDescription":"case",
                         "outputDestination":"SentinelCloud"}}""".formatted(windows)).data();
        assertThat(nobody.path("affected").asInt()).isZero();
        assertThat(nobody.path("parentTaskId").isNull()).isTrue();
        String action = client.upload("y.sh", "x", "action").data().path("id").asText();
        assertThat(executeAnswer(action, "").status()).isEqualTo(403);
        assertThat(client.get("/remote-scripts/status").status()).isEqualTo(400);
    }

    @Test
    void containment_calls_work_and_are_recorded() {
        assertThat(client.post("/agents/actions/connect", "{\"filter\":{\"ids\":[\"" + agent.id() + "\"]}}")
                        .status())
                .isEqualTo(200);
        assertThat(client.post("/agents/actions/disconnect", "{\"filter\":{\"ids\":[\"" + agent.id() + "\"]}}")
                        .status())
                .isEqualTo(403);
        assertThat(device.containment()).isEqualTo(Containment.NORMAL);
        client.post("/firewall-control/network-quarantine", "{}");
        assertThat(console.recorder().containmentCalls()).hasSize(3);
    }

    private Client.Answer fetch(String... files) {
        return client.post(
                fetchPath(),
                "{\"data\":{\"files\":[\"%s\"],\"password\":\"%s\"}}".formatted(String.join("\",\"", files), PASSWORD));
    }

    private String fetchPath() {
        return "/agents/" + agent.id() + "/actions/fetch-files";
    }

    private JsonNode uploads() {
        return client.get("/activities?activityTypes=80").data();
    }

    private String script(String text) {
        Client.Answer answer = client.upload("run.sh", text, "artifactCollection");
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        return answer.data().path("id").asText();
    }

    private JsonNode execute(String script, String more) {
        Client.Answer answer = executeAnswer(script, more);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        return answer.data();
    }

    private Client.Answer executeAnswer(String script, String more) {
        return client.post("/remote-scripts/execute", """
                {"filter":{"ids":["%s"]},"data":{"scriptId":"%s","taskDescription":"case 42",%s
                 "outputDestination":"SentinelCloud","inputParams":"'a b' c","password":"%s"}}""".formatted(agent.id(), script, more, PASSWORD));
    }

    private JsonNode rows(String parent) {
        return client.get("/remote-scripts/status?parentTaskId=" + parent).data();
    }

    /// Polls slowly: one call a second is allowed, and the clock moves with each.
    private JsonNode over(String parent) {
        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            String status = rows(parent).at("/0/status").asText();
            return !status.isEmpty() && !status.equals("in_progress") && !status.equals("pending");
        });
        clock.advance(Duration.ofSeconds(1));
        return rows(parent).path(0);
    }

    private Client.Answer results(JsonNode row) {
        clock.advance(Duration.ofSeconds(1));
        return client.post(
                "/remote-scripts/fetch-files",
                "{\"data\":{\"taskIds\":[\"" + row.path("id").asText() + "\"]}}");
    }
}
