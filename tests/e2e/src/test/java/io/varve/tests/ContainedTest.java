package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hosts that CrowdStrike, Defender or SentinelOne has cut off from the network are captured over the vendor's own
/// channel, whatever goes wrong on the way, and nobody touches their containment.
///
/// The hosts are sandboxes without any route to anywhere, so that what arrives came through the vendor. Each vendor's
/// module tests everything that may go wrong with it, on a clock of its own; here each goes wrong once with all the
/// real
/// processes, whose clock cannot be moved.
@Tag("contained")
final class ContainedTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    /// The vendors, each with a way to set its scene.
    enum Vendor {
        CROWDSTRIKE(CrowdStrikeScene::new),
        DEFENDER(DefenderScene::new),
        SENTINELONE(SentinelOneScene::new);

        private final Setting setting;

        Vendor(Setting setting) {
            this.setting = setting;
        }

        private interface Setting {
            VendorScene set(Installation varve, String host, Path folder) throws IOException;
        }

        /// @param story part of the host's name, so that each test has a host of its own
        VendorScene scene(String story) throws IOException {
            VendorScene scene = setting.set(varve, name().toLowerCase(Locale.ROOT) + "-" + story, folder);
            scene.connect();
            return scene;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "no sandboxes on this machine: contained hosts are skipped");
        varve = Installation.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (varve != null) {
            varve.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_alert_leads_to_the_forensics_of_a_contained_host(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("story")) {
            String incident = scene.detected();
            JsonNode capture = scene.awaitEnded(scene.capture(incident));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            assertThat(scene.awaitProcessed(capture)
                            .path("processing")
                            .path("state")
                            .asText())
                    .isEqualTo("done");

            untouched(scene, capture);
            assertThat(scene.custody(capture, "parts.verified")).hasSize(1);
            JsonNode verified = varve.post("/api/v1/evidence/" + Host.evidence(capture) + "/verify", "{}");
            assertThat(verified.path("verified").asBoolean())
                    .as(verified.toString())
                    .isTrue();
            confirmed(scene, incident);
            Awaitility.await("the console is told")
                    .atMost(LONG)
                    .until(() -> scene.comments(scene.alert).stream()
                            .anyMatch(comment -> comment.contains("/incidents/" + incident)));
            shown(scene, incident);
        }
    }

    /// Containment is as it was, nobody called for anything else, and nothing of ours is left.
    private static void untouched(VendorScene scene, JsonNode capture) throws IOException {
        scene.emulator().assertNoContainmentCalls();
        assertThat(scene.custody(capture, "containment.before"))
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("contained"));
        assertThat(scene.custody(capture, "containment.after"))
                .singleElement()
                .satisfies(text -> assertThat(text).startsWith("contained"));
        assertThat(scene.custody(capture, "containment.changed")).isEmpty();
        clean(scene);
    }

    private static void clean(VendorScene scene) throws IOException {
        assertThat(scene.before.changes(scene.device.snapshot()))
                .as("left on the host")
                .isEmpty();
        assertThat(scene.leftInCloud()).as("left in the vendor's cloud").isEmpty();
    }

    /// The alert's program was running on the host, and the timeline says so.
    private static void confirmed(VendorScene scene, String incident) {
        JsonNode forensics = Host.await(
                "the alert is judged",
                varve,
                "/api/v1/incidents/" + incident + "/forensics",
                answer -> !answer.path("alerts")
                        .path(0)
                        .path("corroboration")
                        .path("state")
                        .asText("pending")
                        .equals("pending"));
        JsonNode judged = forensics.path("alerts").path(0).path("corroboration");
        assertThat(judged.path("state").asText()).as(judged.toString()).isEqualTo("confirmed");
        assertThat(judged.path("events").toString()).contains(Device.implant());
        assertThat(forensics.path("coverage").path("events").asInt()).isPositive();
        assertThat(scene.host)
                .isEqualTo(forensics
                        .path("incident")
                        .path("assets")
                        .path(0)
                        .path("name")
                        .asText());
    }

    private static void shown(VendorScene scene, String incident) throws IOException {
        Optional<Path> chromium = Browser.installed();
        if (chromium.isEmpty()) {
            return;
        }
        try (Browser browser = Browser.start(chromium.get(), varve.url(""))) {
            browser.signIn("admin", Installation.PASSWORD);
            Page page = browser.open(ColorScheme.DARK);
            page.navigate("/incidents/" + incident);
            PlaywrightAssertions.assertThat(page.getByTestId("forensics-tab")).isVisible();
            PlaywrightAssertions.assertThat(
                            page.getByTestId("corroboration-confirmed").first())
                    .isVisible();
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of("target", "screenshots", "contained-" + scene.vendor() + ".png")));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CROWDSTRIKE", "SENTINELONE"})
    void a_worker_killed_while_it_fetches_goes_on_and_fetches_no_part_twice(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("killed")) {
            scene.emulator().faults().midway(3, scene.partDownloads(), () -> killed("worker"));
            JsonNode capture = scene.awaitEnded(scene.capture(scene.detected()));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            assertThat(scene.awaitProcessed(capture)
                            .path("processing")
                            .path("state")
                            .asText())
                    .isEqualTo("done");
            assertThat(partsFetchedAgain(scene))
                    .as("only the part that was under way")
                    .hasSizeLessThanOrEqualTo(1);
            untouched(scene, capture);
        }
    }

    private static void killed(String child) {
        try {
            varve.kill(child);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Addresses of parts whose bytes were sent whole more than once.
    private static List<String> partsFetchedAgain(VendorScene scene) {
        return scene.emulator().recorder().calls().stream()
                .filter(call -> call.status() == 200)
                .flatMap(call -> scene.part(call).stream())
                .collect(Collectors.groupingBy(part -> part, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(part -> part.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = "SENTINELONE")
    void a_part_with_other_bytes_than_the_host_stated_is_fetched_again(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("altered")) {
            scene.emulator().faults().next(1, scene.partDownloads(), Fault.altered());
            JsonNode capture = scene.awaitEnded(scene.capture(scene.detected()));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            untouched(scene, capture);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CROWDSTRIKE")
    void a_storm_of_refusals_is_waited_out(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("storm")) {
            scene.emulator().faults().after(5, 6, CallFilter.any(), Fault.tooMany());
            JsonNode capture = scene.awaitEnded(scene.capture(scene.detected()));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            untouched(scene, capture);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CROWDSTRIKE")
    void sessions_and_tokens_that_expire_meanwhile_are_renewed(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("expired")) {
            scene.emulator()
                    .faults()
                    .at(2, scene.partDownloads(), () -> scene.emulator().clock().advance(Duration.ofMinutes(11)));
            JsonNode capture = scene.awaitEnded(scene.capture(scene.detected()));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            untouched(scene, capture);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SENTINELONE")
    void a_host_that_is_offline_is_captured_when_it_returns(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("offline")) {
            scene.device.goOffline();
            JsonNode capture = scene.capture(scene.detected());
            Host.await(
                    "the capture waits for the host",
                    varve,
                    "/api/v1/captures/" + capture.path("id").asText(),
                    answer -> answer.path("text")
                            .asText()
                            .toLowerCase(Locale.ROOT)
                            .contains("offline"));
            scene.device.comeOnline();
            JsonNode ended = scene.awaitEnded(capture);
            assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("captured");
            untouched(scene, ended);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CROWDSTRIKE")
    void containment_that_somebody_changes_meanwhile_is_said_loudly(Vendor vendor) throws IOException {
        try (VendorScene scene = vendor.scene("flipped")) {
            scene.emulator().faults().at(2, scene.partDownloads(), scene.device::flipContainment);
            JsonNode capture = scene.awaitEnded(scene.capture(scene.detected()));
            assertThat(capture.path("state").asText()).as(capture.toString()).isEqualTo("captured");
            assertThat(scene.custody(capture, "containment.changed"))
                    .singleElement()
                    .satisfies(text ->
                            assertThat(text).contains("contained before").contains("not changed by Varve"));
            assertThat(capture.path("steps").path("containment_changed").asText())
                    .isNotEmpty();
            scene.emulator().assertNoContainmentCalls();
            clean(scene);
        }
    }
}
