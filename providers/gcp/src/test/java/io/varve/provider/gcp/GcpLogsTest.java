package io.varve.provider.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class GcpLogsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ENTRIES = "varve/cloud/gcp/audit.jsonl";
    private static final String FLOWS = "varve/cloud/gcp/vpc-flows.jsonl";

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static GcpEmulator gcp = unset();

    private Instance instance = unset();
    private Instant now = Instant.EPOCH;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        world = World.make(folder);
        gcp = world.gcp;
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void anInstance() {
        instance = world.instance(Disk.of(world.disk(1)));
        now = world.clock.instant();
    }

    @AfterEach
    void calm() {
        gcp.faults().clear();
        gcp.grants().allowAll();
        gcp.logPages(1_000);
        gcp.logQuota(Integer.MAX_VALUE);
        gcp.serialPieces(1 << 20);
    }

    private static MemoryCapture capture(String target, Map<String, String> more) {
        return world.capture(target, more).collecting(RecordCapture.PROFILE);
    }

    private MemoryCapture captured() throws Exception {
        MemoryCapture capture = capture(instance.resource(), Map.of());
        world.provider.capture(capture);
        world.provider.release(capture);
        return capture;
    }

    private Instant ago(long hours) {
        return now.minus(Duration.ofHours(hours));
    }

    private static Map<String, String> members(MemoryCapture capture) throws Exception {
        Path unpacked = Files.createTempDirectory(folder, "unpacked");
        Process tar = new ProcessBuilder("tar", "-xzf", capture.stored().toString(), "-C", unpacked.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).as(said).isZero();
        var members = new LinkedHashMap<String, String>();
        try (var files = Files.walk(unpacked)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                members.put(unpacked.relativize(file).toString(), Files.readString(file));
            }
        }
        return members;
    }

    private static String text(Map<String, String> members, String path) {
        return members.getOrDefault(path, "");
    }

    private static List<String> ids(String lines) throws IOException {
        var ids = new ArrayList<String>();
        for (String line : lines.lines().toList()) {
            ids.add(JSON.readTree(line).path("insertId").asText());
        }
        return ids;
    }

    /// The line of `varve/outcomes.jsonl` whose path begins so, and which has this status.
    private static JsonNode outcome(Map<String, String> members, String path, String status) throws IOException {
        for (String line : text(members, "varve/outcomes.jsonl").lines().toList()) {
            JsonNode outcome = JSON.readTree(line);
            if (outcome.path("path").asText().startsWith(path)
                    && outcome.path("status").asText().equals(status)) {
                return outcome;
            }
        }
        throw new AssertionError("no " + status + " of " + path + " in " + text(members, "varve/outcomes.jsonl"));
    }

    @Test
    void entries_of_the_window_are_captured_in_order_over_many_pages_and_no_others() throws Exception {
        gcp.logPages(7);
        Instance other = world.instance(Disk.of(world.disk(1)));
        var expected = new ArrayList<String>();
        gcp.scene().audit(instance, "activity", ago(14 * 24).minusNanos(1), "v1.compute.instances.insert");
        for (int hour = 14 * 24; hour >= 1; hour -= 3) {
            expected.add(gcp.scene().audit(instance, "activity", ago(hour), "v1.compute.instances.setMetadata"));
            gcp.scene().audit(other, "activity", ago(hour), "v1.compute.instances.stop");
        }
        gcp.scene().audit(instance, "activity", now, "v1.compute.instances.delete");
        Map<String, String> members = members(captured());

        assertThat(ids(text(members, ENTRIES))).containsExactlyElementsOf(expected);
        List<JsonNode> sent = gcp.scene().logged(World.PROJECT).stream()
                .filter(entry -> expected.contains(entry.path("insertId").asText()))
                .toList();
        assertThat(text(members, ENTRIES).lines())
                .containsExactlyElementsOf(sent.stream().map(JsonNode::toString).toList());
        assertThat(gcp.recorder().count("POST", "/v2/entries:list")).isGreaterThan(2 * expected.size() / 7);
        assertThat(outcome(members, ENTRIES, "collected").path("artifact").asText())
                .isEqualTo("GcpLogEntries");
    }

    @Test
    void an_instance_whose_name_another_name_begins_with_has_its_own_entries_only() throws Exception {
        Instance longer = gcp.scene().named(instance.name() + "-b", World.PROJECT, World.ZONE, Disk.of(world.disk(1)));
        Instance elsewhere = gcp.scene().named(instance.name(), World.PROJECT, "us-east1-b", Disk.of(world.disk(1)));
        String ours = gcp.scene().audit(instance, "system_event", ago(5), "compute.instances.hostError");
        gcp.scene().audit(longer, "activity", ago(4), "v1.compute.instances.start");
        gcp.scene().audit(elsewhere, "activity", ago(3), "v1.compute.instances.start");
        assertThat(ids(text(members(captured()), ENTRIES))).containsExactly(ours);
    }

    @Test
    void a_name_with_quotes_stays_within_its_quotes() throws Exception {
        String name = "a\" OR timestamp>=\"1970-01-01T00:00:00Z\" OR \\";
        instance = gcp.scene().named(name, World.PROJECT, World.ZONE, Disk.of(world.disk(1)));
        Instance other = world.instance(Disk.of(world.disk(1)));
        String ours = gcp.scene().audit(instance, "activity", ago(2), "v1.compute.instances.start");
        gcp.scene().audit(other, "activity", ago(2), "v1.compute.instances.start");
        MemoryCapture capture = capture(instance.id(), Map.of());
        world.provider.capture(capture);
        assertThat(ids(text(members(capture), ENTRIES))).containsExactly(ours);
    }

    @Test
    void texts_and_numbers_are_as_google_sent_them() throws IOException {
        String sent =
                "{\n  \"a\": 1.50,\n  \"b\": \"x \\\" \\n\\u003c \\\\\",\r\n  \"c\": [ 1E10, -0 ],\n  \"d\": { }\n}";
        assertThat(EntryPage.line(sent))
                .isEqualTo("{\"a\":1.50,\"b\":\"x \\\" \\n\\u003c \\\\\",\"c\":[1E10,-0],\"d\":{}}");
        Path file = Files.createTempFile(folder, "page", ".json");
        var lines = new ArrayList<String>();
        Files.writeString(
                file, "{\"entries\": [ %s ,\n {\"é\": \"ü\"}, %s ], \"nextPageToken\": \"t\"}".formatted(sent, sent));
        EntryPage page = EntryPage.of(file);
        assertThat(page.next()).isEqualTo("t");
        try {
            page.give(lines::add);
        } catch (ProviderException e) {
            throw new AssertionError(e);
        }
        assertThat(lines).containsExactly(EntryPage.line(sent), "{\"é\":\"ü\"}", EntryPage.line(sent));
        for (String broken :
                List.of("[]", "", "{\"entries\": [1]}", "{\"entries\": [{\"a\": 1}", "{\"entries\": {}}", "<html>")) {
            Files.writeString(file, broken);
            assertThatThrownBy(() -> EntryPage.of(file)).as(broken).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_log_that_is_refused_is_an_outcome_that_names_the_right_and_the_others_go_on() throws Exception {
        gcp.scene().serial(instance, 1, "login: \n");
        gcp.grants().deny("logging.logEntries.list");
        MemoryCapture capture = captured();
        Map<String, String> members = members(capture);
        assertThat(outcome(members, ENTRIES, "failed").path("reason").asText())
                .contains("PERMISSION_DENIED", "logging.logEntries.list", "logging.privateLogEntries.list");
        assertThat(outcome(members, FLOWS, "failed").path("reason").asText()).contains("logging.logEntries.list");
        assertThat(text(members, "varve/cloud/gcp/serial-port-1.log")).isEqualTo("login: \n");
        assertThat(capture.custodyActions()).contains("records.refused");

        gcp.grants().allowAll();
        gcp.grants().deny("compute.instances.getSerialPortOutput");
        gcp.scene().audit(instance, "activity", ago(1), "v1.compute.instances.reset");
        members = members(captured());
        assertThat(outcome(members, "varve/cloud/gcp/serial-port-4.log", "failed")
                        .path("reason")
                        .asText())
                .contains("compute.instances.getSerialPortOutput");
        assertThat(ids(text(members, ENTRIES))).hasSize(1);
    }

    @Test
    void data_access_logs_that_are_left_out_are_said() throws Exception {
        String activity = gcp.scene().audit(instance, "activity", ago(3), "v1.compute.instances.start");
        String access = gcp.scene().audit(instance, "data_access", ago(2), "v1.compute.instances.get");
        assertThat(ids(text(members(captured()), ENTRIES))).containsExactly(activity, access);

        gcp.grants().deny("logging.privateLogEntries.list");
        Map<String, String> members = members(captured());
        assertThat(ids(text(members, ENTRIES))).containsExactly(activity);
        assertThat(outcome(members, ENTRIES, "failed").path("reason").asText())
                .contains("data access", "logging.privateLogEntries.list is not granted");
        assertThat(outcome(members, ENTRIES, "collected").path("sha256").asText())
                .hasSize(64);
    }

    @Test
    void quotas_broken_lines_and_tokens_that_are_taken_back_are_got_over() throws Exception {
        var expected = new ArrayList<String>();
        for (int hour = 60; hour > 0; hour--) {
            expected.add(gcp.scene().audit(instance, "activity", ago(hour), "v1.compute.instances.setLabels"));
        }
        gcp.logPages(2);
        gcp.logQuota(9);
        var list = GcpEmulator.call("POST", "/v2/entries:list");
        gcp.faults()
                .next(2, list, Fault.tooMany())
                .after(4, 1, list, Fault.broken())
                .after(6, 1, list, Fault.drop())
                .after(8, 1, list, Fault.dropAnswer())
                .after(10, 1, list, Fault.truncated())
                .at(14, list, gcp::revokeTokens)
                .next(1, GcpEmulator.call("GET", "*/serialPort"), Fault.tooMany());
        assertThat(ids(text(members(captured()), ENTRIES))).containsExactlyElementsOf(expected);
    }

    @Test
    void a_quota_that_stays_used_up_is_waited_for_later() {
        gcp.logQuota(0);
        assertThatThrownBy(this::captured).isInstanceOfSatisfying(ProviderException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
            assertThat(e.retryAfter()).isPresent();
        });
    }

    @Test
    void killed_after_any_step_it_goes_on_and_the_archive_is_whole() throws Exception {
        gcp.scene().audit(instance, "activity", ago(3), "v1.compute.instances.start");
        gcp.scene().serial(instance, 1, "one\ntwo\n");
        gcp.scene().flow(World.PROJECT, instance, ago(2), "10.0.0.2", "203.0.113.9");
        MemoryCapture whole = captured();
        Map<String, String> expected = content(whole);
        assertThat(expected)
                .containsOnlyKeys(ENTRIES, "varve/cloud/gcp/serial-port-1.log", FLOWS, "varve/outcomes.jsonl");
        for (int step = 1; step <= whole.steps().size(); step++) {
            MemoryCapture capture = capture(instance.resource(), Map.of());
            capture.breakAfter(step);
            assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(MemoryCapture.KilledException.class);
            world.provider.capture(capture);
            assertThat(content(capture)).as("killed after step " + step).isEqualTo(expected);
        }
    }

    /// But for what names the capture and its time.
    private static Map<String, String> content(MemoryCapture capture) throws Exception {
        Map<String, String> members = members(capture);
        for (String own : List.of("varve/capture.json", "varve/footprint.json", "varve/parts.sha256")) {
            assertThat(members.remove(own)).as(own).isNotEmpty();
        }
        return members;
    }

    @Test
    void serial_output_is_put_together_of_its_pieces_and_an_empty_port_is_said() throws Exception {
        String written = "BIOS\r\nkernel: a line that is cut\n\n".repeat(40) + "login: ";
        gcp.scene().serial(instance, 1, written);
        gcp.serialPieces(100);
        gcp.faults()
                .afterwards(
                        3,
                        GcpEmulator.call("GET", "*/serialPort"),
                        () -> gcp.scene().serial(instance, 1, "root\n"));
        Map<String, String> members = members(captured());
        assertThat(text(members, "varve/cloud/gcp/serial-port-1.log")).isEqualTo(written + "root\n");
        assertThat(outcome(members, "varve/cloud/gcp/serial-port-1.log", "collected")
                        .path("artifact")
                        .asText())
                .isEqualTo("GcpSerialPort");
        for (int port = 2; port <= 4; port++) {
            outcome(members, "varve/cloud/gcp/serial-port-%d.log".formatted(port), "empty");
        }
    }

    @Test
    void serial_output_that_was_lost_is_said() throws Exception {
        String line = "x".repeat(1023) + "\n";
        gcp.scene().serial(instance, 2, line.repeat(1024 + 3) + "half");
        gcp.faults()
                .afterwards(
                        2,
                        GcpEmulator.call("GET", "*/serialPort"),
                        () -> gcp.scene().serial(instance, 2, line.repeat(1024 + 2)));
        MemoryCapture capture = captured();
        Map<String, String> members = members(capture);
        // bytes 0 to 3075 were lost before; of what was written meanwhile, two lines' worth less what was unread
        String reason = outcome(members, "varve/cloud/gcp/serial-port-2.log beyond", "failed")
                .path("reason")
                .asText();
        assertThat(reason).contains("lost are bytes 0 to 3075, bytes 1051652 to 1053699");
        assertThat(text(members, "varve/cloud/gcp/serial-port-2.log"))
                .contains("\nhalf\nx")
                .endsWith("x\n");
        assertThat(capture.custodyLines())
                .anyMatch(text -> text.startsWith("records.refused") && text.contains("lost"));
    }

    @Test
    void a_stopped_instance_has_no_serial_output_and_its_entries_are_captured() throws Exception {
        String ours = gcp.scene().audit(instance, "activity", ago(1), "v1.compute.instances.stop");
        gcp.scene().stopped(instance, ago(30));
        Map<String, String> members = members(captured());
        assertThat(outcome(members, "varve/cloud/gcp/serial-port-1.log", "failed")
                        .path("reason")
                        .asText())
                .contains("not ready");
        assertThat(ids(text(members, ENTRIES))).containsExactly(ours);
    }

    @Test
    void flows_from_and_to_the_instance_are_captured_also_where_only_its_address_is_logged() throws Exception {
        Instance other = world.instance(Disk.of(world.disk(1)));
        gcp.scene().connected(instance, World.PROJECT, "front", "10.1.0.5");
        String named = gcp.scene().flow(World.PROJECT, instance, ago(4), "10.1.0.5", "203.0.113.9");
        gcp.scene().flow(World.PROJECT, other, ago(4), "10.1.0.6", "203.0.113.9");
        // the address was another's then
        gcp.scene().flow(World.PROJECT, other, ago(3), "10.1.0.5", "203.0.113.9");
        String bare = gcp.scene().bareFlow(World.PROJECT, "front", ago(2), "198.51.100.7", "10.1.0.5");
        gcp.scene().bareFlow(World.PROJECT, "back", ago(2), "198.51.100.7", "10.1.0.5");
        Map<String, String> members = members(captured());
        assertThat(ids(text(members, FLOWS))).containsExactly(named, bare);
        assertThat(outcome(members, FLOWS, "collected").path("artifact").asText())
                .isEqualTo("GcpVpcFlows");
    }

    @Test
    void flows_of_a_shared_subnet_are_read_where_they_are_logged_and_in_no_project_that_is_not_set() throws Exception {
        gcp.scene().connected(instance, World.OTHER, "shared", "10.2.0.5");
        gcp.scene().connected(instance, "foreign-project", "foreign", "10.3.0.5");
        String shared = gcp.scene().flow(World.OTHER, instance, ago(4), "10.2.0.5", "203.0.113.9");
        gcp.scene().flow("foreign-project", instance, ago(4), "10.3.0.5", "203.0.113.9");
        Map<String, String> members = members(captured());
        assertThat(ids(text(members, FLOWS))).containsExactly(shared);
        assertThat(outcome(members, FLOWS, "failed").path("reason").asText()).contains("foreign-project");
    }

    @Test
    void log_days_say_how_far_back() throws Exception {
        gcp.scene().audit(instance, "activity", ago(49), "v1.compute.instances.start");
        String ours = gcp.scene().audit(instance, "activity", ago(48), "v1.compute.instances.stop");
        MemoryCapture capture = capture(instance.resource(), Map.of("log_days", "2"));
        world.provider.capture(capture);
        Map<String, String> members = members(capture);
        assertThat(ids(text(members, ENTRIES))).containsExactly(ours);
        assertThat(JSON.readTree(text(members, "varve/capture.json"))
                        .path("window")
                        .path("from")
                        .asText())
                .isEqualTo(ago(48).toString());
    }

    @Test
    void an_instance_without_a_persistent_disk_has_logs_all_the_same() throws Exception {
        instance = world.instance();
        String ours = gcp.scene().audit(instance, "activity", ago(1), "v1.compute.instances.insert");
        assertThat(ids(text(members(captured()), ENTRIES))).containsExactly(ours);
    }

    @Test
    void a_capture_of_logs_changes_nothing_in_the_cloud() throws Exception {
        int before = gcp.recorder().calls().size();
        MemoryCapture capture = captured();
        assertThat(gcp.recorder().calls().stream().skip(before))
                .filteredOn(call -> !call.method().equals("GET"))
                .allMatch(call -> call.path().equals("/token")
                        || call.path().equals("/v2/entries:list")
                        || call.path().endsWith(":testIamPermissions"));
        assertThat(capture.steps())
                .containsKeys("host", "records", "collected")
                .doesNotContainKeys("released", "image");
        assertThat(world.provider.mediaType(RecordCapture.PROFILE)).isEqualTo("application/gzip");
        assertThat(world.provider.mediaType(GcpProvider.DISK)).isEqualTo("application/octet-stream");
    }

    @Test
    void a_cancelled_capture_stops_between_two_pages() {
        for (int hour = 9; hour > 0; hour--) {
            gcp.scene().audit(instance, "activity", ago(hour), "v1.compute.instances.setLabels");
        }
        gcp.logPages(1);
        MemoryCapture capture = capture(instance.resource(), Map.of());
        gcp.faults().at(3, GcpEmulator.call("POST", "/v2/entries:list"), capture::cancelIt);
        int before = gcp.recorder().count("POST", "/v2/entries:list");
        assertThatThrownBy(() -> world.provider.capture(capture))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
        assertThat(gcp.recorder().count("POST", "/v2/entries:list") - before).isEqualTo(3);
    }

    @Test
    void a_capture_whose_time_is_over_ends_between_two_pages() {
        for (int hour = 20; hour > 0; hour--) {
            gcp.scene().audit(instance, "activity", ago(hour), "v1.compute.instances.setLabels");
        }
        gcp.logPages(1);
        gcp.faults()
                .always(
                        GcpEmulator.call("POST", "/v2/entries:list"),
                        new Fault.Before(() -> world.clock.advance(Duration.ofMinutes(20))));
        assertThatThrownBy(this::captured).isInstanceOfSatisfying(ProviderException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
            assertThat(e.reason()).contains("not done by");
            assertThat(e.retryAfter()).isEmpty();
        });
    }

    @Test
    void a_google_that_does_not_answer_or_is_broken_ends_the_capture_and_another_try_goes_on() throws Exception {
        String ours = gcp.scene().audit(instance, "activity", ago(2), "v1.compute.instances.start");
        MemoryCapture offline = capture(instance.resource(), Map.of("endpoint", "http://127.0.0.1:9"));
        assertThatThrownBy(() -> world.provider.capture(offline))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OFFLINE));
        MemoryCapture capture = capture(instance.resource(), Map.of());
        gcp.faults().always(GcpEmulator.call("POST", "/v2/entries:list"), Fault.broken());
        assertThatThrownBy(() -> world.provider.capture(capture))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
        gcp.faults().clear();
        world.provider.capture(capture);
        assertThat(ids(text(members(capture), ENTRIES))).containsExactly(ours);
    }

    @Test
    void a_look_beforehand_says_how_far_back_which_rights_and_that_nothing_is_touched() throws Exception {
        gcp.grants().deny("logging.privateLogEntries.list");
        Preflight look = world.provider
                .preflight(world.connection(Map.of("log_days", "30")), instance.resource(), RecordCapture.PROFILE)
                .orElseThrow();
        assertThat(look.host()).contains(instance.name());
        assertThat(look.checks())
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("logging.privateLogEntries.list");
        assertThat(look.checks()).extracting(Check::detail).anyMatch(text -> text.startsWith("30 days"));
        gcp.grants().grantOnly(List.of("compute.instances.get"));
        assertThat(world.provider
                        .preflight(world.connection(Map.of()), instance.resource(), RecordCapture.PROFILE)
                        .orElseThrow()
                        .checks())
                .filteredOn(check -> check.result() == Result.MISSING)
                .hasSize(3);
        assertThat(look.touches()).anyMatch(text -> text.startsWith("Nothing is run or written on the instance"));
    }
}
