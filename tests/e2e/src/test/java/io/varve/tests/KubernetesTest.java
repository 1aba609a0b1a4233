package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kubernetes.Container;
import io.varve.emulator.kubernetes.KubernetesEmulator;
import io.varve.emulator.kubernetes.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A GuardDuty finding about a pod of an EKS cluster leads to its logs, its files and what runs in it, and nothing is
/// changed in the cluster but what custody says.
@Tag("cloud")
final class KubernetesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CLUSTER = "prod-1";
    private static final Set<String> ASKING = Set.of("GET", "POST /apis/authentication", "POST /apis/authorization");

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static CloudStory story = unset();
    private static KubernetesEmulator cluster = unset();
    private static Device device = unset();
    private static String integration = "";
    private static int findings;

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "no sandboxes on this machine: pods are skipped");
        device = Device.start(DeviceFacts.of("checkout-7f9-x2x4z"), folder);
        cluster = KubernetesEmulator.start(TestClock.running());
        varve = Installation.start(folder.resolve("data"));
        story = new CloudStory(varve);
        Awaitility.await("the worker's key is known")
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(KubernetesTest::connected);
        varve.post(
                "/api/v1/rules",
                JSON.writeValueAsString(Map.of(
                        "name", "Pods",
                        "sources", List.of("guardduty"),
                        "minimumSeverity", 60,
                        "assetPattern", "*",
                        "provider", "kubernetes",
                        "profile", "triage",
                        "dailyBudget", 1000,
                        "dedupeWindow", "PT1S")));
    }

    private static boolean connected() throws IOException {
        integration = varve.post("/api/v1/integrations", settings(cluster.token("varve", Duration.ofHours(1))))
                .path("id")
                .asText();
        return true;
    }

    private static String settings(String token) throws IOException {
        var body = new LinkedHashMap<String, Object>();
        body.put("vendor", "kubernetes");
        body.put("name", "our cluster");
        body.put("enabled", true);
        body.put("uses", List.of("capture"));
        body.put(
                "settings",
                Map.of(
                        "api_server", cluster.url().toString(),
                        "ca", cluster.ca(),
                        "cluster", CLUSTER,
                        "collector_image", "registry.example/varve/shell:1",
                        "poll_seconds", "1",
                        "silence_seconds", "5",
                        "part_kilobytes", "256"));
        body.put("secrets", Map.of("token", token));
        return JSON.writeValueAsString(body);
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (device != null) {
            device.close();
        }
    }

    @BeforeEach
    void nothingYet() {
        cluster.recorder().forget();
    }

    @AfterEach
    void calm() {
        cluster.faults().clear();
        cluster.assertNoContainmentCalls();
    }

    /// Posts what GuardDuty's runtime monitoring says of a pod on EKS, and answers the incident.
    private static String detected(Pod pod) throws IOException {
        String now = Instant.now().toString();
        ObjectNode finding = JSON.createObjectNode()
                .put("schemaVersion", "2.0")
                .put("accountId", "222233334444")
                .put("region", "eu-central-1")
                .put("id", "%032x".formatted(++findings))
                .put("type", "Execution:Runtime/NewBinaryExecuted")
                .put("severity", 8)
                .put("createdAt", now)
                .put("updatedAt", now)
                .put("title", "A new program was run in a container");
        ObjectNode resource = finding.putObject("resource").put("resourceType", "EKSCluster");
        resource.putObject("eksClusterDetails").put("name", CLUSTER);
        ObjectNode workload = resource.putObject("kubernetesDetails").putObject("kubernetesWorkloadDetails");
        workload.put("name", pod.name())
                .put("type", "pods")
                .put("uid", pod.uid())
                .put("namespace", pod.namespace());
        ObjectNode service = finding.putObject("service")
                .put("count", 1)
                .put("eventFirstSeen", now)
                .put("eventLastSeen", now);
        service.putObject("runtimeDetails")
                .putObject("process")
                .put("name", "updaterd")
                .put("executablePath", Device.implant())
                .put("pid", 4711);
        return story.incident("guardduty", finding);
    }

    private static JsonNode captured(JsonNode capture) {
        story.awaitCaptured(capture);
        return story.awaitRead(capture);
    }

    private static long events(JsonNode capture, String query) throws IOException {
        return varve.get("/api/v1/timeline?limit=1&evidence=" + Host.evidence(capture) + "&q="
                        + java.net.URLEncoder.encode(query, java.nio.charset.StandardCharsets.UTF_8))
                .path("total")
                .asLong();
    }

    /// The custody log with every detail.
    private static String log(JsonNode capture) throws IOException {
        return varve.get("/api/v1/evidence/" + Host.evidence(capture) + "/custody")
                .path("items")
                .toString();
    }

    /// Calls that did more than ask.
    private static Set<String> writes() {
        return cluster.recorder().calls().stream()
                .map(call -> call.method() + " " + call.path())
                .filter(call -> ASKING.stream().noneMatch(call::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void a_finding_about_a_pod_leads_to_its_logs_and_files_and_changes_nothing() throws Exception {
        Snapshot before = device.snapshot();
        Pod pod = cluster.pod(
                "shop",
                "checkout-7f9-x2x4z",
                Container.of("app", device)
                        .logging("ready", "downloading stage two")
                        .restarted("panic: killed"));
        JsonNode capture = story.capture(detected(pod));
        JsonNode processed = captured(capture);
        assertThat(processed.path("processing").path("state").asText())
                .as(processed.toString())
                .isEqualTo("done");

        assertThat(events(capture, "data_type:\"kubernetes:log:line\" AND \"stage two\""))
                .isEqualTo(1);
        assertThat(events(capture, "data_type:\"kubernetes:log:line\" AND kubernetes.log.instance:previous"))
                .isEqualTo(1);
        assertThat(events(capture, "data_type:\"kubernetes:event:noted\"")).isPositive();
        assertThat(events(capture, "data_type:\"kubernetes:container:run\"")).isPositive();
        assertThat(events(capture, "process.command_line:*updaterd*")).isPositive();
        assertThat(events(capture, "data_type:\"linux:syslog:line\"")).isPositive();
        assertThat(log(capture))
                .contains("pod.found", "node.instance", "i-0ab1c2d3e4f567890", "parts.verified", "sealed");
        JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
        assertThat(verified.path("verified").asBoolean())
                .as(verified.toString())
                .isTrue();

        assertThat(writes()).isEmpty();
        assertThat(pod.ephemeralContainers()).isEmpty();
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    @Test
    void a_pod_that_no_alert_named_is_found_in_the_list_and_captured() throws Exception {
        cluster.pod("ops", "debug-0", Container.of("app", device).logging("nobody looks"));
        String id = "pod:%s/ops/debug-0".formatted(CLUSTER);
        varve.post("/api/v1/inventory/lists", "{}");
        JsonNode listed = Host.await(
                "the cluster is listed",
                varve,
                "/api/v1/inventory?q=ops+debug",
                answer -> answer.path("sources").path(0).hasNonNull("endedAt"));
        assertThat(listed.path("sources").path(0).hasNonNull("problem"))
                .as(listed.toString())
                .isFalse();
        assertThat(listed.path("total").asInt()).isEqualTo(1);
        assertThat(listed.path("items").path(0).path("id").asText()).isEqualTo(id);
        assertThat(varve.get("/api/v1/assets").toString()).doesNotContain("ops/debug-0");
        Optional<Path> chromium = Browser.installed();
        Assumptions.assumeTrue(chromium.isPresent(), "no Chromium on this machine");
        try (Browser browser = Browser.start(chromium.get(), varve.url(""))) {
            browser.signIn("admin", Installation.PASSWORD);
            Page page = browser.open(ColorScheme.DARK);
            page.navigate("/assets/clouds");
            page.getByTestId("machines-q").fill("ops debug");
            page.getByTestId("machines-q").press("Enter");
            Locator machine = page.getByTestId("machine");
            PlaywrightAssertions.assertThat(machine).hasCount(1);
            PlaywrightAssertions.assertThat(machine).hasAttribute("data-id", id);
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/clouds.png")));
            machine.getByTestId("capture-machine").click();
            page.getByTestId("wizard-reason").fill("a look before it is gone");
            page.getByTestId("wizard-confirm").click();
            PlaywrightAssertions.assertThat(page.getByTestId("wizard-started")).isVisible();
            assertThat(browser.complaints()).isEmpty();
        }
        JsonNode capture = Host.await(
                        "the capture is asked for",
                        varve,
                        "/api/v1/captures",
                        answer -> answer.path("items").toString().contains("ops/debug-0"))
                .path("items")
                .path(0);
        captured(capture);
        assertThat(events(capture, "data_type:\"kubernetes:log:line\" AND \"nobody looks\""))
                .isEqualTo(1);
        assertThat(writes()).isEmpty();
    }

    @Test
    void a_container_without_a_shell_is_captured_though_the_token_expires_and_connections_break() throws Exception {
        Snapshot before = device.snapshot();
        Pod pod = cluster.pod(
                "shop",
                "gateway-5c8-qq7lm",
                Container.of("app", device).distroless().logging("ready"));
        cluster.cutExec(2, 20_000, line -> line.startsWith("cat ") && line.contains("/part-"));
        cluster.faults().at(9, CallFilter.of("GET", "*/exec"), KubernetesTest::renewed);
        JsonNode capture = story.capture(detected(pod));
        captured(capture);

        assertThat(events(capture, "process.command_line:*updaterd*")).isPositive();
        assertThat(log(capture)).contains("ephemeral.added", "cannot be taken out", "ephemeral.ended");
        assertThat(pod.ephemeralContainers()).hasSize(1);
        assertThat(writes())
                .containsExactly("PATCH /api/v1/namespaces/shop/pods/gateway-5c8-qq7lm/ephemeralcontainers");
        assertThat(before.changes(device.snapshot())).isEmpty();
    }

    /// The token expires; somebody puts a new one into the integration.
    private static void renewed() {
        cluster.expireTokens();
        try {
            varve.put("/api/v1/integrations/" + integration, settings(cluster.token("varve", Duration.ofHours(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
