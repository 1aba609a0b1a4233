package io.varve.emulator.crowdstrike;

import static io.varve.emulator.crowdstrike.Level.ACTIVE_RESPONDER;
import static io.varve.emulator.crowdstrike.Level.ADMIN;
import static io.varve.emulator.crowdstrike.Level.READ_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.Api;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
final class CrowdStrikeTest {
    private static final String RTR = "/real-time-response";

    @TempDir
    Path folder = Path.of("");

    private final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-03-01T10:00:00Z"));

    @SuppressWarnings("NullAway.Init")
    private CrowdStrike vendor;

    @SuppressWarnings("NullAway.Init")
    private Device device;

    @SuppressWarnings("NullAway.Init")
    private FalconHost host;

    @SuppressWarnings("NullAway.Init")
    private Falcon falcon;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        vendor = CrowdStrike.start(clock, folder);
        device = Device.start(DeviceFacts.of("web77"), folder);
        host = vendor.host(device);
        falcon = falcon(Scope.HOSTS_READ, Scope.RTR_READ, Scope.RTR_WRITE, Scope.RTR_ADMIN, Scope.ALERTS_READ);
    }

    private Falcon falcon(Scope... scopes) {
        var caller = new Falcon(vendor, vendor.client(scopes));
        caller.signIn();
        return caller;
    }

    @AfterEach
    void stop() {
        device.close();
        vendor.close();
    }

    @Test
    void a_token_is_201_and_expires() {
        Api.Answer answer = falcon.signIn();
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("X-CS-Region")).isEqualTo("us-1");
        assertThat(answer.json().path("expires_in").asInt()).isEqualTo(1799);
        assertThat(falcon.get("/devices/queries/devices/v1").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(30));
        Api.Answer late = falcon.get("/devices/queries/devices/v1");
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.json().at("/errors/0/code").asInt()).isEqualTo(401);
        assertThat(late.header("X-CS-TRACEID"))
                .isEqualTo(late.json().at("/meta/trace_id").asText());
        var wrong = new Falcon(vendor, new Client("0".repeat(32), "secret", java.util.Set.of()));
        assertThat(wrong.signIn().status()).isEqualTo(403);
    }

    @Test
    void a_client_without_a_scope_is_told_so_in_the_vendors_words() {
        Falcon reader = falcon(Scope.HOSTS_READ, Scope.RTR_READ);
        Api.Answer answer = reader.get(RTR + "/queries/put-files/v1");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("access denied, authorization failed");
        assertThat(reader.command(ADMIN, "x", "put a").status()).isEqualTo(403);
        assertThat(reader.open(host, false).status()).isEqualTo(201);
    }

    @Test
    void too_many_calls_are_told_when_to_come_back() throws IOException {
        vendor.close();
        vendor = CrowdStrike.start(clock, Settings.documented().withPerMinute(3), folder);
        falcon = falcon(Scope.HOSTS_READ);
        assertThat(falcon.get("/devices/queries/devices/v1").header("X-RateLimit-Remaining"))
                .isEqualTo("1");
        falcon.get("/devices/queries/devices/v1");
        Api.Answer refused = falcon.get("/devices/queries/devices/v1");
        assertThat(refused.status()).isEqualTo(429);
        long retry = Long.parseLong(refused.header("X-RateLimit-RetryAfter"));
        assertThat(retry).isEqualTo(clock.instant().getEpochSecond() + 60);
        clock.moveTo(Instant.ofEpochSecond(retry));
        assertThat(falcon.get("/devices/queries/devices/v1").status()).isEqualTo(200);
        vendor.faults().next(CallFilter.any(), Fault.tooMany());
        assertThat(falcon.get("/devices/queries/devices/v1").header("X-RateLimit-RetryAfter"))
                .isNotEmpty();
    }

    @Test
    void hosts_are_found_by_name_id_and_instance() {
        FalconHost old =
                vendor.goneHost(DeviceFacts.of("web77"), clock.instant().minus(Duration.ofDays(40)));
        host.with("instance_id", "i-0123456789abcdef0");
        assertThat(ids("hostname:'web77'")).containsExactlyInAnyOrder(host.aid(), old.aid());
        assertThat(ids("hostname:'WEB77'")).isEmpty();
        assertThat(ids("hostname:*'*eb7*'")).hasSize(2);
        assertThat(ids("hostname:'web77'+instance_id:'i-0123456789abcdef0'")).containsExactly(host.aid());
        assertThat(ids("device_id:['" + old.aid() + "','x'],device_id:'y'")).containsExactly(old.aid());
        assertThat(falcon.get("/devices/queries/devices/v1?filter=" + Api.encode("hostname'"))
                        .status())
                .isEqualTo(400);
        JsonNode newest = falcon.get("/devices/combined/devices/v1?limit=1&sort=last_seen.desc&filter="
                        + Api.encode("hostname:'web77'"))
                .json();
        assertThat(newest.at("/resources/0/device_id").asText()).isEqualTo(host.aid());
        JsonNode second = falcon.get("/devices/combined/devices/v1?limit=1&sort=last_seen.desc&offset="
                        + newest.at("/meta/pagination/offset").asText())
                .json();
        assertThat(second.at("/resources/0/device_id").asText()).isEqualTo(old.aid());
        assertThat(second.at("/meta/pagination/offset").asText()).isEmpty();
    }

    private java.util.List<String> ids(String filter) {
        JsonNode found = falcon.get("/devices/queries/devices/v1?filter=" + Api.encode(filter))
                .json()
                .path("resources");
        var ids = new java.util.ArrayList<String>();
        found.forEach(id -> ids.add(id.asText()));
        return ids;
    }

    @Test
    void the_state_of_a_host_follows_its_device() {
        ObjectNode ids = Falcon.object();
        ids.putArray("ids").add(host.aid());
        JsonNode record =
                falcon.post("/devices/entities/devices/v2", ids).json().at("/resources/0");
        assertThat(record.path("status").asText()).isEqualTo("contained");
        assertThat(record.path("platform_name").asText()).isEqualTo("Linux");
        device.flipContainment();
        device.goOffline();
        assertThat(falcon.get("/devices/entities/devices/v2?ids=" + host.aid())
                        .json()
                        .at("/resources/0/status")
                        .asText())
                .isEqualTo("normal");
        assertThat(falcon.get("/devices/entities/online-state/v1?ids=" + host.aid())
                        .json()
                        .at("/resources/0/state")
                        .asText())
                .isEqualTo("offline");
    }

    @Test
    void whoever_touches_containment_is_caught_even_without_the_right() {
        ObjectNode ids = Falcon.object();
        ids.putArray("ids").add(host.aid());
        vendor.assertNoContainmentCalls();
        String path = "/devices/entities/devices-actions/v2?action_name=lift_containment";
        assertThat(falcon.post(path, ids).status()).isEqualTo(403);
        assertThatThrownBy(vendor::assertNoContainmentCalls).hasMessageContaining("lift_containment");
        Falcon writer = falcon(Scope.HOSTS_WRITE);
        assertThat(writer.post(path, ids).status()).isEqualTo(202);
        assertThat(writer.post(path, ids).status()).isEqualTo(409);
        assertThat(vendor.recorder().containmentCalls()).hasSize(3);
    }

    @Test
    void a_session_is_reused_with_its_folder_and_expires() {
        String session = falcon.session(host);
        assertThat(falcon.run(READ_ONLY, session, "cd /var/log").out()).isEqualTo("/var/log");
        Api.Answer again = falcon.open(host, false);
        assertThat(again.json().at("/resources/0/session_id").asText()).isEqualTo(session);
        assertThat(again.json().at("/resources/0/pwd").asText()).isEqualTo("/var/log");
        assertThat(falcon.run(READ_ONLY, session, "ls").out()).contains("auth.log");
        clock.advance(Duration.ofMinutes(9));
        ObjectNode refresh = Falcon.object().put("device_id", host.aid());
        assertThat(falcon.post(RTR + "/entities/refresh-session/v1", refresh).status())
                .isEqualTo(201);
        clock.advance(Duration.ofMinutes(9));
        assertThat(falcon.command(READ_ONLY, session, "ls").status()).isEqualTo(201);
        clock.advance(Duration.ofMinutes(1));
        assertThat(falcon.command(READ_ONLY, session, "ls").status()).isEqualTo(404);
        String next = falcon.session(host);
        assertThat(next).isNotEqualTo(session);
        assertThat(falcon.delete(RTR + "/entities/sessions/v1?session_id=" + next)
                        .status())
                .isEqualTo(204);
        assertThat(falcon.command(READ_ONLY, next, "ls").status()).isEqualTo(404);
        assertThat(vendor.openSessions()).isEmpty();
    }

    @Test
    void an_offline_host_is_unreachable_or_its_commands_wait() {
        device.goOffline();
        Api.Answer answer = falcon.open(host, false);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/errors/0/code").asInt()).isEqualTo(40401);
        JsonNode queued = falcon.open(host, true).json().at("/resources/0");
        assertThat(queued.path("offline_queued").asBoolean()).isTrue();
        String session = queued.path("session_id").asText();
        JsonNode command = falcon.command(ACTIVE_RESPONDER, session, "mkdir /tmp/queued")
                .json()
                .at("/resources/0");
        assertThat(command.path("queued_command_offline").asBoolean()).isTrue();
        clock.advance(Duration.ofDays(2));
        falcon.signIn();
        ObjectNode ids = Falcon.object();
        ids.putArray("ids").add(session);
        assertThat(falcon.post(RTR + "/entities/queued-sessions/GET/v1", ids)
                        .json()
                        .at("/resources/0/Commands/0/status")
                        .asText())
                .isEqualTo("PENDING");
        device.comeOnline();
        falcon.output(ACTIVE_RESPONDER, command.path("cloud_request_id").asText());
        assertThat(falcon.run(READ_ONLY, session, "ls /tmp").out()).contains("queued");
    }

    @Test
    void a_host_without_rtr_is_refused_early() {
        FalconHost closed = vendor.host(device).withoutRtr();
        assertThat(falcon.open(closed, false).status()).isEqualTo(403);
        assertThat(falcon.get("/devices/entities/devices/v2?ids=" + closed.aid())
                        .json()
                        .at("/resources/0/rtr_state")
                        .asText())
                .isEqualTo("disabled");
    }

    @Test
    void output_comes_in_chunks_after_a_404() {
        String session = falcon.session(host);
        String id = falcon.command(READ_ONLY, session, "cat /var/log/syslog")
                .json()
                .at("/resources/0/cloud_request_id")
                .asText();
        assertThat(falcon.status(READ_ONLY, id, 0).status()).isEqualTo(404);
        Falcon.Said said = falcon.output(READ_ONLY, id);
        assertThat(said.chunks()).isGreaterThanOrEqualTo(3);
        assertThat(said.out().lines()).hasSize(200);
        assertThat(falcon.run(READ_ONLY, session, "ps").out()).contains(Device.implant());
        assertThat(falcon.run(READ_ONLY, session, "cat /no/such").err()).contains("No such file");
    }

    @Test
    void levels_and_arguments_are_checked() {
        String session = falcon.session(host);
        assertThat(code(falcon.command(READ_ONLY, session, "get /etc/passwd"))).isEqualTo(40007);
        assertThat(code(falcon.command(ACTIVE_RESPONDER, session, "runscript -Raw=```id```")))
                .isEqualTo(40007);
        assertThat(code(falcon.command(READ_ONLY, session, "ps a b c d"))).isEqualTo(40012);
        assertThat(falcon.command(READ_ONLY, session, "ps a b c d").text()).contains("Max args is 0. 4 were provided");
        assertThat(falcon.command(ADMIN, session, "ls /tmp").status()).isEqualTo(201);
    }

    private static int code(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        return answer.json().at("/errors/0/code").asInt();
    }

    @Test
    void a_tool_goes_in_runs_and_its_result_comes_out_and_nothing_is_left() throws IOException {
        Snapshot before = device.snapshot();
        String tool = "#!/bin/sh\necho \"collected $1 on $(hostname)\" >\"$2\"\n";
        assertThat(falcon.upload(RTR + "/entities/put-files/v2", "varve-tool.sh", tool)
                        .json()
                        .at("/meta/writes/resources_affected")
                        .asInt())
                .isEqualTo(1);
        assertThat(falcon.upload(RTR + "/entities/put-files/v2", "varve-tool.sh", tool)
                        .status())
                .isEqualTo(409);
        String session = falcon.session(host);
        falcon.run(ACTIVE_RESPONDER, session, "mkdir /tmp/work");
        falcon.run(READ_ONLY, session, "cd /tmp/work");
        falcon.run(ADMIN, session, "put varve-tool.sh");
        assertThat(falcon.run(ADMIN, session, "run varve-tool.sh").err()).contains("cannot execute");
        assertThat(falcon.run(
                                ADMIN,
                                session,
                                "runscript -Raw=```chmod +x varve-tool.sh; echo \"$1|$2\"``` -Timeout=60"
                                        + " -CommandLine=\"one 'two three'\"")
                        .out())
                .isEqualTo("one|two three\n");
        assertThat(falcon.run(ADMIN, session, "run varve-tool.sh -CommandLine=\"all /tmp/work/out.txt\"")
                        .out())
                .contains("successfully started");
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> device.exists("/tmp/work/out.txt"));
        byte[] out = fetch(session, "/tmp/work/out.txt");
        assertThat(new String(out, StandardCharsets.UTF_8)).isEqualTo("collected all on web77\n");
        falcon.run(ACTIVE_RESPONDER, session, "rm -Force /tmp/work");
        assertThat(before.changes(device.snapshot())).isEmpty();
        vendor.assertNoContainmentCalls();
    }

    /// Brings a file back, checks the steps on the way, and removes it from the cloud.
    private byte[] fetch(String session, String path) throws IOException {
        Falcon.Said said = falcon.run(ACTIVE_RESPONDER, session, "get " + path);
        assertThat(said.out()).isEqualTo(path);
        JsonNode first = row(session);
        assertThat(first.path("complete").asBoolean()).isFalse();
        assertThat(first.path("progress").asDouble()).isZero();
        assertThat(row(session).path("progress").asDouble()).isEqualTo(0.5);
        JsonNode row = row(session);
        assertThat(row.path("complete").asBoolean()).isTrue();
        assertThat(row.path("cloud_request_id").asText()).isEqualTo(said.cloudRequest());
        String contents = RTR
                + "/entities/extracted-file-contents/v1?session_id=%s&sha256=%s&filename=out.txt"
                        .formatted(session, row.path("sha256").asText());
        assertThat(falcon.get(contents).status()).isEqualTo(404);
        Api.Answer archive = falcon.get(contents);
        assertThat(archive.header("Content-Type")).isEqualTo("application/x-7z-compressed");
        byte[] bytes = unpack(archive.raw().body());
        assertThat(Snapshot.sha256(new ByteArrayInputStream(bytes)))
                .isEqualTo(row.path("sha256").asText());
        assertThat(falcon.delete(RTR
                                + "/entities/file/v2?ids=%s&session_id=%s"
                                        .formatted(row.path("id").asText(), session))
                        .status())
                .isEqualTo(204);
        assertThat(vendor.cloudFiles()).isEmpty();
        return bytes;
    }

    private JsonNode row(String session) {
        return falcon.get(RTR + "/entities/file/v2?session_id=" + session)
                .json()
                .at("/resources/0");
    }

    private byte[] unpack(byte[] archive) throws IOException {
        Path file = Files.write(folder.resolve("archive.7z"), archive);
        try (SevenZFile zip = SevenZFile.builder()
                .setPath(file)
                .setPassword("infected".toCharArray())
                .get()) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("out.txt");
            byte[] bytes =
                    zip.getInputStream(zip.getEntries().iterator().next()).readAllBytes();
            Files.delete(file);
            return bytes;
        }
    }

    @Test
    void a_damaged_download_is_sound_but_not_what_its_row_says() throws IOException {
        device.put("/tmp/out.txt", "evidence".getBytes(StandardCharsets.UTF_8));
        vendor.damageDownloads(1, "/tmp/out");
        String session = falcon.session(host);
        falcon.run(ACTIVE_RESPONDER, session, "get /tmp/out.txt");
        row(session);
        row(session);
        String contents = RTR
                + "/entities/extracted-file-contents/v1?session_id=%s&sha256=%s&filename=out.txt"
                        .formatted(session, row(session).path("sha256").asText());
        falcon.get(contents);
        assertThat(new String(unpack(falcon.get(contents).raw().body()), StandardCharsets.ISO_8859_1))
                .hasSize(8)
                .isNotEqualTo("evidence");
        assertThat(new String(unpack(falcon.get(contents).raw().body()), StandardCharsets.UTF_8))
                .isEqualTo("evidence");
    }

    @Test
    void a_command_and_a_row_wait_while_the_host_is_away() {
        String session = falcon.session(host);
        falcon.run(ACTIVE_RESPONDER, session, "get /etc/passwd");
        row(session);
        device.goOffline();
        assertThat(falcon.command(READ_ONLY, session, "ls")
                        .json()
                        .at("/errors/0/code")
                        .asInt())
                .isEqualTo(40401);
        for (int i = 0; i < 3; i++) {
            assertThat(row(session).path("progress").asDouble()).isEqualTo(0.5);
        }
        device.comeOnline();
        row(session);
        assertThat(row(session).path("complete").asBoolean()).isTrue();
    }

    @Test
    void a_stored_script_runs_without_the_admin_right_and_time_limits_hold() {
        falcon.upload(RTR + "/entities/scripts/v2", "list-users", "cut -d: -f1 /etc/passwd; echo $#");
        String session = falcon.session(host);
        assertThat(falcon.run(ACTIVE_RESPONDER, session, "runscript -CloudFile=\"list-users\" -CommandLine=\"a b\"")
                        .out())
                .contains("alice\n2\n");
        assertThat(falcon.run(ADMIN, session, "runscript -Raw=```sleep 60``` -Timeout=1")
                        .err())
                .contains("timeout");
    }

    @Test
    void a_file_over_the_limit_does_not_come() throws IOException {
        vendor.close();
        vendor = CrowdStrike.start(clock, Settings.documented().withLargest(1000, 1000), folder);
        host = vendor.host(device);
        falcon = falcon(Scope.RTR_READ, Scope.RTR_WRITE, Scope.RTR_ADMIN);
        String session = falcon.session(host);
        assertThat(falcon.run(ACTIVE_RESPONDER, session, "get /var/log/syslog").err())
                .contains("larger");
        assertThat(falcon.run(ACTIVE_RESPONDER, session, "get /none").err()).contains("not find");
        assertThat(falcon.upload(RTR + "/entities/put-files/v2", "large", "x".repeat(1001))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void many_hosts_are_commanded_at_once() {
        FalconHost gone = vendor.goneHost(DeviceFacts.of("old1"), clock.instant());
        ObjectNode hosts = Falcon.object();
        hosts.putArray("host_ids").add(host.aid()).add(gone.aid());
        JsonNode batch =
                falcon.post(RTR + "/combined/batch-init-session/v1", hosts).json();
        assertThat(batch.at("/resources/" + gone.aid() + "/errors/0/code").asInt())
                .isEqualTo(40401);
        String id = batch.path("batch_id").asText();
        ObjectNode command = Falcon.object().put("batch_id", id);
        command.put("base_command", "cat").put("command_string", "cat /etc/hostname");
        assertThat(falcon.post(RTR + "/combined/batch-command/v1?timeout=30", command)
                        .json()
                        .at("/combined/resources/" + host.aid() + "/stdout")
                        .asText())
                .isEqualTo("web77\n");
        ObjectNode get = Falcon.object().put("batch_id", id).put("file_path", "/etc/passwd");
        String request = falcon.post(RTR + "/combined/batch-get-command/v1", get)
                .json()
                .path("batch_get_cmd_req_id")
                .asText();
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> falcon.get(RTR + "/combined/batch-get-command/v1?batch_get_cmd_req_id=" + request)
                        .json()
                        .at("/resources/" + host.aid() + "/name")
                        .asText()
                        .equals("/etc/passwd"));
        clock.advance(Duration.ofMinutes(11));
        assertThat(falcon.post(RTR + "/combined/batch-command/v1", command).status())
                .isEqualTo(404);
        ObjectNode nobody = Falcon.object();
        nobody.putArray("host_ids").add(gone.aid());
        assertThat(falcon.post(RTR + "/combined/batch-init-session/v1", nobody).status())
                .isEqualTo(404);
    }

    @Test
    void alerts_are_paged_read_and_commented() {
        for (int i = 0; i < 5; i++) {
            vendor.alert(Falcon.object()
                    .put("composite_id", "cid:ind:" + i)
                    .put("severity", 10 * i)
                    .put("created_timestamp", "2026-03-01T09:0" + i + ":00Z"));
        }
        String filter = "created_timestamp:>'2026-03-01T09:00:00Z'+severity:>=20";
        assertThat(falcon.get("/alerts/queries/alerts/v2?sort=created_timestamp.desc&filter=" + Api.encode(filter))
                        .json()
                        .at("/resources/0")
                        .asText())
                .isEqualTo("cid:ind:4");
        ObjectNode page = Falcon.object().put("limit", 3).put("filter", "");
        JsonNode first = falcon.post("/alerts/combined/alerts/v1", page).json();
        page.put("after", first.at("/meta/pagination/after").asText());
        JsonNode second = falcon.post("/alerts/combined/alerts/v1", page).json();
        assertThat(first.path("resources")).hasSize(3);
        assertThat(second.path("resources")).hasSize(2);
        assertThat(second.at("/meta/pagination").has("after")).isFalse();
        ObjectNode change = Falcon.object();
        change.putArray("composite_ids").add("cid:ind:2");
        change.putArray("action_parameters")
                .addObject()
                .put("name", "append_comment")
                .put("value", "see case 42");
        assertThat(falcon.send("PATCH", "/alerts/entities/alerts/v3", change).status())
                .isEqualTo(403);
        assertThat(falcon(Scope.ALERTS_WRITE)
                        .send("PATCH", "/alerts/entities/alerts/v3", change)
                        .status())
                .isEqualTo(200);
        assertThat(vendor.comments("cid:ind:2")).containsExactly("see case 42");
    }
}
