package io.varve.emulator.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
final class LiveResponseTest {
    private static final String SCRIPT = """
            echo "first \\"$1\\"
            second $2"
            echo trouble >&2
            cat tool.bin > /tmp/out.bin
            exit 3
            """;

    @TempDir
    Path folder = Path.of("");

    private final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-03-22T10:00:00Z"));
    private final DefenderEmulator emulator = new DefenderEmulator(clock);
    private final Client client = new Client(emulator.url());

    @SuppressWarnings("NullAway.Init")
    private Device device;

    @SuppressWarnings("NullAway.Init")
    private String machine;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        device = Device.start(DeviceFacts.of("web77"), folder);
        var roles = new HashSet<>(Application.CAPTURE_ROLES);
        roles.addAll(Set.of("Machine.Isolate"));
        emulator.register(new Application("app-1", "s3cret", roles));
        machine = emulator.add(device).id();
        emulator.start();
        client.signIn("app-1", "s3cret", Client.DEFENDER);
    }

    @AfterEach
    void stop() {
        emulator.close();
        if (device != null) {
            device.close();
        }
    }

    @Test
    void a_script_of_the_library_runs_on_the_device_and_files_come_back() throws IOException {
        var before = device.snapshot();
        assertThat(client.upload("run.sh", SCRIPT.getBytes(StandardCharsets.UTF_8), "false")
                        .status())
                .isEqualTo(200);
        assertThat(client.upload("run.sh", new byte[1], "false").status()).isEqualTo(400);
        client.upload("tool.bin", new byte[] {1, 2, 3}, "true");
        assertThat(client.get("/api/libraryfiles").json().at("/value/0/sha256").asText())
                .hasSize(64);

        JsonNode action = order(put("tool.bin"), script("run.sh", "'a b' \\\"two\\\""), get("/tmp/out.bin"));
        assertThat(action.path("status").asText()).isEqualTo("Pending");
        JsonNode done = ended(action);
        assertThat(done.path("status").asText()).isEqualTo("Succeeded");
        assertThat(done.has("lastUpdateDateTimeUtc")).isTrue();

        String id = done.path("id").asText();
        Client.Answer transcript = client.link(link(id, 1));
        String text = new String(transcript.bytes(), StandardCharsets.UTF_8);
        assertThat(text)
                .contains("\"exit_code\":3", "first \\\"a b\\\"\nsecond two", "\0\0\0", "trouble")
                .startsWith("{\"script_name\":\"run.sh\"");

        Client.Answer file = client.link(link(id, 2));
        assertThat(file.header("Content-Disposition")).isEqualTo("attachment; filename=out.bin.gz");
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(file.bytes()))) {
            assertThat(gzip.readAllBytes()).containsExactly(1, 2, 3);
        }
        assertThat(client.link(link(id, 2), "Range", "bytes=0-1").bytes()).containsExactly(0x1f, 0x8b);
        assertThat(client.link(link(id, 2), "Authorization", "Bearer x").status())
                .isEqualTo(401);
        assertThat(client.get("/api/machineactions/" + id + "/GetLiveResponseResultDownloadLink(index=0)")
                        .status())
                .isEqualTo(404);

        String link = link(id, 2);
        clock.advance(Duration.ofMinutes(31));
        assertThat(client.link(link).status()).isEqualTo(403);
        assertThat(before.changes(device.snapshot()))
                .containsExactlyInAnyOrder(
                        "added /tmp/out.bin", "added /var/opt/microsoft/mdatp/liveresponse/tool.bin");
        emulator.assertNoContainmentCalls();
    }

    @Test
    void a_failed_command_stops_the_rest() {
        JsonNode done = ended(order(get("/no/such/file"), get("/etc/hostname")));
        assertThat(done.path("status").asText()).isEqualTo("Failed");
        assertThat(done.at("/commands/0/commandStatus").asText()).isEqualTo("Failed");
        assertThat(done.at("/commands/0/errors/0").asText()).contains("/no/such/file");
        assertThat(done.at("/commands/1/commandStatus").asText()).isEqualTo("Created");
    }

    @Test
    void a_script_that_takes_too_long_is_ended() throws IOException {
        emulator.behaviour().leastRealTime = Duration.ZERO;
        emulator.putLibraryFile("slow.sh", "touch /tmp/begun; sleep 600".getBytes(StandardCharsets.UTF_8));
        JsonNode action = order(script("slow.sh", ""), get("/etc/hostname"));
        await().until(() -> device.exists("/tmp/begun"));
        clock.advance(Duration.ofMinutes(11));
        JsonNode done = ended(action);
        assertThat(done.path("status").asText()).isEqualTo("Failed");
        assertThat(done.at("/commands/0/errors/0").asText()).contains("timed out");
        await().untilAsserted(() -> assertThat(device.run(io.varve.emulator.device.Command.script(
                                "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'sleep [6]00'"))
                        .out())
                .isEqualTo("0\n"));
    }

    @Test
    void one_session_a_machine_and_ten_calls_a_minute() {
        device.goOffline();
        JsonNode waiting = order(get("/etc/hostname"));
        Client.Answer second = orderAnswer(get("/etc/hostname"));
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.json().at("/error/code").asText()).isEqualTo("ActiveRequestAlreadyExists");
        for (int i = 0; i < 8; i++) {
            orderAnswer(get("/etc/hostname"));
        }
        Client.Answer eleventh = orderAnswer(get("/etc/hostname"));
        assertThat(eleventh.status()).isEqualTo(429);
        assertThat(eleventh.header("Retry-After")).isEqualTo("60");

        assertThat(action(waiting).path("status").asText()).isEqualTo("Pending");
        device.comeOnline();
        assertThat(ended(waiting).path("status").asText()).isEqualTo("Succeeded");
    }

    @Test
    void an_order_waits_three_days_for_its_machine_and_can_be_cancelled() {
        device.goOffline();
        JsonNode first = order(get("/etc/hostname"));
        assertThat(client.post("/api/machineactions/" + first.path("id").asText() + "/cancel", "{\"Comment\":\"no\"}")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("Cancelled");
        JsonNode second = order(get("/etc/hostname"));
        clock.advance(Duration.ofHours(73));
        client.signIn("app-1", "s3cret", Client.DEFENDER);
        assertThat(action(second).path("status").asText()).isEqualTo("TimeOut");
    }

    @Test
    void wrong_orders_are_refused() {
        assertThat(orderAnswer(get("/etc/hostname"), put("x"))
                        .json()
                        .at("/error/code")
                        .asText())
                .isEqualTo("InvalidRequestBody");
        assertThat(client.post("/api/machines/" + machine + "/runliveresponse", "{\"Commands\":[" + get("/x") + "]}")
                        .status())
                .isEqualTo(400);
        assertThat(client.post(
                                "/api/machines/ffff/runliveresponse",
                                "{\"Comment\":\"c\",\"Commands\":[" + get("/x") + "]}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void isolation_shows_in_machine_actions_only() {
        assertThat(newest("Isolate").path("status").asText()).isEqualTo("Succeeded");
        assertThat(client.get("/api/machines/" + machine).json().toString()).doesNotContainIgnoringCase("isolat");
        device.flipContainment();
        assertThat(newest("Unisolate").path("status").asText()).isEqualTo("Succeeded");
        emulator.assertNoContainmentCalls();

        assertThat(client.post(
                                "/api/machines/" + machine + "/isolate",
                                "{\"Comment\":\"c\",\"IsolationType\":\"Full\"}")
                        .status())
                .isEqualTo(201);
        await().until(() -> device.containment() == io.varve.emulator.device.Containment.CONTAINED);
        assertThat(emulator.recorder().containmentCalls()).hasSize(1);
    }

    @Test
    void packages_hold_what_the_device_says_and_one_unknown_file() throws IOException {
        String id = client.post("/api/machines/" + machine + "/collectInvestigationPackage", "{\"Comment\":\"case 1\"}")
                .json()
                .path("id")
                .asText();
        await().until(() -> client.get("/api/machineactions/" + id)
                .json()
                .path("status")
                .asText()
                .equals("Succeeded"));
        String quoted = client.get("/api/machineactions/" + id + "/getPackageUri")
                .json()
                .path("value")
                .asText();
        assertThat(quoted).startsWith("\"http").endsWith("\"");
        Set<String> names = new HashSet<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(
                client.link(quoted.substring(1, quoted.length() - 1)).bytes()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                if (entry.getName().equals("Processes/processes.csv")) {
                    assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                            .contains(Device.implant());
                }
            }
        }
        assertThat(names).contains("Users and groups/passwd.txt", "Forensics/collector_state.blob");
        client.get("/api/machineactions/" + id + "/getPackageUri");
        assertThat(client.get("/api/machineactions/" + id + "/getPackageUri").status())
                .isEqualTo(429);
    }

    @Test
    void made_up_packages_of_windows_and_macos() {
        for (String platform : Set.of("WindowsServer2022", "macOS")) {
            String id = emulator.add("host-" + platform, platform).id();
            String action = client.post("/api/machines/" + id + "/collectInvestigationPackage", "{\"Comment\":\"c\"}")
                    .json()
                    .path("id")
                    .asText();
            await().until(() -> emulator.actions("CollectInvestigationPackage").getOrDefault("InProgress", 0) == 0);
            assertThat(client.get("/api/machineactions/" + action)
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("Succeeded");
        }
    }

    private JsonNode order(String... commands) {
        Client.Answer answer = orderAnswer(commands);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(201);
        return answer.json();
    }

    private Client.Answer orderAnswer(String... commands) {
        return client.post(
                "/api/machines/" + machine + "/runliveresponse",
                "{\"Comment\":\"case 1\",\"Commands\":[" + String.join(",", commands) + "]}");
    }

    private JsonNode action(JsonNode action) {
        return client.get("/api/machineactions/" + action.path("id").asText()).json();
    }

    private JsonNode ended(JsonNode action) {
        await().until(() -> !Set.of("Pending", "InProgress")
                .contains(action(action).path("status").asText()));
        return action(action);
    }

    private JsonNode newest(String type) {
        JsonNode rows = client.list(
                        "/api/machineactions",
                        Map.of("$filter", "machineId eq '" + machine + "' and type eq '" + type + "'"))
                .json();
        assertThat(rows.at("/value/0").has("lastUpdateTimeUtc")).isTrue();
        return rows.at("/value/0");
    }

    private String link(String action, int index) {
        return client.get("/api/machineactions/" + action + "/GetLiveResponseResultDownloadLink(index=" + index + ")")
                .json()
                .path("value")
                .asText();
    }

    private static String put(String name) {
        return "{\"type\":\"PutFile\",\"params\":[{\"key\":\"FileName\",\"value\":\"" + name + "\"}]}";
    }

    private static String script(String name, String arguments) {
        return "{\"type\":\"RunScript\",\"params\":[{\"key\":\"ScriptName\",\"value\":\"%s\"},{\"key\":\"Args\",\"value\":\"%s\"}]}"
                .formatted(name, arguments);
    }

    private static String get(String path) {
        return "{\"type\":\"GetFile\",\"params\":[{\"key\":\"Path\",\"value\":\"" + path + "\"}]}";
    }
}
