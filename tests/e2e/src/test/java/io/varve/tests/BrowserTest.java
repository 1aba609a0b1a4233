package io.varve.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a responder sees, in a real browser on the real processes. What must be on the pages comes from the scene and
/// from the REST answers, never from the pages.
@Tag("browser")
final class BrowserTest {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MILLIS = 90_000;
    private static final Map<String, String> STATES = Map.of(
            Scene.CONFIRMED, "confirmed",
            Scene.CONTRADICTED, "contradicted",
            Scene.NOT_SEEN, "not_seen",
            Scene.NOT_COLLECTED, "not_collected");

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static Scene scene = unset();
    private static Browser browser = unset();
    private static String incident = "";
    private static String hostile = "";
    private Page page = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> chromium = Browser.installed();
        Assumptions.assumeTrue(chromium.isPresent(), "no chromium on this machine: the browser tests are skipped");
        varve = Installation.start(folder.resolve("data"));
        scene = Scene.set(varve, folder);
        hostile = scene.awaitIncident(scene.alertHostile());
        incident = scene.awaitIncident(scene.alertAll());
        scene.awaitJudged(incident);
        browser = Browser.start(chromium.get(), varve.url(""));
        browser.signIn("admin", Installation.PASSWORD);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (varve != null) {
            varve.close();
        }
    }

    @BeforeEach
    void open() {
        page = browser.open(ColorScheme.DARK);
    }

    @AfterEach
    void nothing_was_complained_about() {
        page.context().close();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_wrong_password_is_said_plainly_and_the_right_one_leads_to_the_incidents() {
        page.context().clearCookies();
        page.navigate("/timeline");
        page.getByTestId("sign-in-user").fill("admin");
        page.getByTestId("sign-in-password").fill("wrong");
        page.getByTestId("sign-in-submit").click();
        assertThat(page.getByTestId("sign-in-error")).hasText("User or password is wrong.");
        screenshot(page, "sign-in-error");
        page.getByTestId("sign-in-password").fill(Installation.PASSWORD);
        page.getByTestId("sign-in-submit").click();
        assertThat(page.getByTestId("timeline-page")).isVisible();
        page.context().clearCookies();
        page.navigate("/");
        page.getByTestId("sign-in-user").fill("admin");
        page.getByTestId("sign-in-password").fill(Installation.PASSWORD);
        page.getByTestId("sign-in-submit").click();
        assertThat(page.getByTestId("incidents")).isVisible();
    }

    @Test
    void an_incident_leads_to_what_the_evidence_says_about_each_alert() throws IOException {
        JsonNode forensics = varve.get("/api/v1/incidents/" + incident + "/forensics");
        page.navigate("/incidents");
        page.locator("[data-testid=incident-row][data-id='" + incident + "'] a").click();
        assertThat(page.getByTestId("forensics-tab")).isVisible();
        for (Map.Entry<String, String> state : STATES.entrySet()) {
            JsonNode answer = Scene.answer(forensics, state.getKey());
            Locator row = page.locator("[data-testid=corroboration-row][data-alert='"
                    + answer.path("alert").path("id").asText() + "']");
            assertThat(row.getByTestId("corroboration-" + state.getValue())).isVisible();
            assertThat(row.getByTestId("corroboration-reason"))
                    .hasText(answer.path("corroboration").path("reason").asText());
        }
        assertThat(page.getByTestId("corroboration").getByTestId("event-line").first())
                .isVisible();
        Locator confirmed = page.locator("[data-testid=corroboration-row]")
                .filter(new Locator.FilterOptions().setHas(page.getByTestId("corroboration-confirmed")));
        assertThat(confirmed.getByTestId("event-line").first()).containsText(Scene.DROPPED);
        assertThat(page.getByTestId("first-events")
                        .getByTestId("event-line")
                        .filter(new Locator.FilterOptions().setHasText(Scene.DROPPED))
                        .first())
                .isVisible();
    }

    @Test
    void the_coverage_strip_counts_what_the_ledger_counts() throws IOException {
        page.navigate("/incidents/" + incident + "/forensics");
        JsonNode coverage =
                varve.get("/api/v1/incidents/" + incident + "/forensics").path("coverage");
        for (String status : List.of("parsed", "partial", "failed", "unparsed", "empty")) {
            assertThat(page.getByTestId("coverage-" + status))
                    .hasText("%,d %s".formatted(coverage.path(status).asLong(), status));
        }
        page.getByTestId("coverage-parsed").click();
        assertThat(page.getByTestId("evidence-page")).isVisible();
        assertThat(page.locator("[data-testid=coverage-row]").first()).hasAttribute("data-status", "parsed");
    }

    @Test
    void a_capture_is_followed_live_without_a_reload() throws IOException {
        page.navigate("/incidents/" + incident + "/forensics");
        assertThat(page.getByTestId("live")).hasAttribute("data-state", "live");
        page.evaluate("window.neverReloaded = true");
        assertThat(page.getByTestId("capture-row").first()).isVisible();
        int before = page.getByTestId("capture-row").count();
        Locator captured = page.locator("[data-testid=capture-row][data-state=captured]");
        page.getByTestId("forensics-tab").getByTestId("capture-now").click();
        page.getByTestId("wizard-reason").fill("to see how it goes");
        page.getByTestId("wizard-confirm").click();
        assertThat(page.getByTestId("wizard-started")).isVisible();
        page.getByTestId("wizard-close").click();
        assertThat(page.getByTestId("capture-row")).hasCount(before + 1);
        assertThat(captured).hasCount(before + 1, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
        assertThat(page.locator("[data-testid=evidence-state][data-state=done]"))
                .hasCount(before + 1, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
        page.getByTestId("capture-open").first().click();
        assertThat(page.locator("[data-testid=capture-step][data-step=reason]")).containsText("to see how it goes");
        screenshot(page, "capture");
        assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
        String id = page.url().substring(page.url().lastIndexOf('/') + 1);
        String evidence = varve.get("/api/v1/captures/" + id).path("evidence").asText();
        assertThat(varve.get("/api/v1/evidence/" + evidence + "/custody")
                        .path("items")
                        .findValuesAsText("detail"))
                .contains("user:admin: to see how it goes");
    }

    @Test
    void the_incident_opens_in_the_timeline_with_its_filter() throws IOException {
        JsonNode preset =
                varve.get("/api/v1/incidents/" + incident + "/forensics").path("timelineQuery");
        page.navigate("/incidents/" + incident + "/forensics");
        page.getByTestId("open-timeline").click();
        assertThat(page.getByTestId("timeline-row").first()).isVisible();
        String address = URLDecoder.decode(page.url(), StandardCharsets.UTF_8);
        assertThat(address)
                .contains("incident=" + incident)
                .contains("from=" + preset.path("from").asText())
                .contains("to=" + preset.path("to").asText());
        assertThat(page.getByTestId("scope-incident")).isVisible();
        long total = varve.get("/api/v1/timeline?limit=1&incident=%s&from=%s&to=%s"
                        .formatted(
                                incident,
                                preset.path("from").asText(),
                                preset.path("to").asText()))
                .path("total")
                .asLong();
        assertThat(page.getByTestId("timeline-total")).containsText("%,d events".formatted(total));
    }

    @Test
    void a_search_finds_exactly_the_one_line() {
        page.navigate("/timeline");
        search("marker-000007");
        assertThat(page.getByTestId("timeline-row")).hasCount(1);
        assertThat(page.getByTestId("timeline-row")).containsText("marker-000007 happened");
        assertThat(page.getByTestId("timeline-total")).hasText("1 event");
        assertThat(page.getByTestId("histogram").locator("canvas")).isVisible();
        search("marker-999999");
        assertThat(page.getByTestId("no-hits")).containsText("No event matches");
    }

    @Test
    void a_query_that_cannot_be_understood_is_said_in_place() {
        page.navigate("/timeline");
        search("(unclosed");
        assertThat(page.getByTestId("query-problem")).isVisible();
        assertThat(page.getByTestId("timeline-q")).hasValue("(unclosed");
        search("marker-000008");
        assertThat(page.getByTestId("query-problem")).hasCount(0);
        assertThat(page.getByTestId("timeline-row")).hasCount(1);
    }

    @Test
    void a_facet_filters_the_address_says_so_and_reload_and_back_keep_it() throws IOException {
        long files = varve.get("/api/v1/timeline?limit=1&q=data_type:%22linux:file:stat%22")
                .path("total")
                .asLong();
        page.navigate("/timeline");
        assertThat(page.getByTestId("timeline-row").first()).isVisible();
        page.getByTestId("facet-data_type")
                .getByText("linux:file:stat", new Locator.GetByTextOptions().setExact(true))
                .click();
        String filtered = "%,d events".formatted(files);
        assertThat(page.getByTestId("timeline-total")).containsText(filtered);
        assertThat(page).hasURL(Pattern.compile(".*[?&]q=data_type.*"));
        page.reload();
        assertThat(page.getByTestId("timeline-total")).containsText(filtered);
        assertThat(page.getByTestId("timeline-q")).hasValue("data_type:\"linux:file:stat\"");
        page.goBack();
        assertThat(page.getByTestId("timeline-q")).hasValue("");
        assertThat(page.getByTestId("timeline-total")).not().containsText(filtered);
    }

    @Test
    void an_event_shows_every_field_and_where_its_bytes_are() throws IOException {
        JsonNode event = event("marker-000007");
        page.navigate("/timeline?q=marker-000007");
        page.getByTestId("timeline-row").click();
        assertThat(page.getByTestId("event-drawer"))
                .hasAttribute("data-id", event.path("id").asText());
        for (String name : (Iterable<String>) () -> event.path("fields").fieldNames()) {
            assertThat(page.locator("[data-testid=event-field][data-field='" + name + "']"))
                    .containsText(event.path("fields").path(name).asText());
        }
        List<String> links = page.getByTestId("location-chain").locator("li").all().stream()
                .map(link -> link.getAttribute("data-link"))
                .toList();
        assertThat(links).startsWith("evidence").containsSubsequence("evidence", "path", "offset");
        Locator chain = page.getByTestId("location-chain");
        JsonNode location = event.path("location");
        assertThat(chain.locator("[data-link=evidence]"))
                .containsText(location.path("evidence").asText());
        assertThat(chain.locator("[data-link=path]"))
                .containsText(location.path("path").asText());
        assertThat(chain.locator("[data-link=offset]"))
                .containsText(location.path("offset").asText());
        Page other = page.context().newPage();
        other.navigate(page.url());
        assertThat(other.getByTestId("event-message")).containsText("marker-000007 happened");
        other.navigate("/timeline?event=" + event.path("id").asText());
        assertThat(other.getByTestId("event-message")).containsText("marker-000007 happened");
    }

    @Test
    void the_timeline_is_walked_by_keyboard() {
        page.navigate("/timeline?q=marker*&sort=asc");
        assertThat(page.getByTestId("timeline-row").first()).isVisible();
        for (String key : List.of("j", "j", "j", "k", "Enter")) {
            page.keyboard().press(key);
        }
        assertThat(page.getByTestId("event-message")).containsText("marker-000002 happened");
        page.keyboard().press("j");
        assertThat(page.getByTestId("event-message")).containsText("marker-000003 happened");
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("event-drawer")).hasCount(0);
        page.keyboard().press("/");
        assertThat(page.getByTestId("timeline-q")).isFocused();
    }

    @Test
    void the_sealed_bytes_are_verified_on_request() throws IOException {
        JsonNode evidence = varve.get("/api/v1/incidents/" + incident + "/forensics")
                .path("evidence")
                .path(0);
        page.navigate("/evidence/" + evidence.path("id").asText());
        assertThat(page.getByTestId("evidence-sha256"))
                .hasText(evidence.path("sha256").asText());
        int entries = page.getByTestId("custody-row").count();
        page.getByTestId("verify-now").click();
        assertThat(page.getByTestId("verify-result"))
                .hasAttribute("data-state", "verified", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
        assertThat(page.getByTestId("custody-row")).not().hasCount(entries);
    }

    @Test
    void an_event_leads_to_its_file_and_the_byte_it_lies_at() throws IOException {
        JsonNode event = event("marker-002000");
        page.navigate("/timeline?q=marker-002000");
        page.getByTestId("timeline-row").click();
        page.getByTestId("open-bytes").click();

        assertThat(page.getByTestId("files-page")).isVisible();
        assertThat(page.getByTestId("files-crumbs")).containsText("var");
        Locator marked = page.locator("[data-testid=file-hex] [data-marked=true]");
        assertThat(marked).isVisible();
        long offset = event.path("location").path("offset").asLong();
        assertThat(marked).containsText("%08x".formatted(offset & ~15L));
        screenshot(page, "files-hex");
        page.getByTestId("file-view").getByText("Text").click();
        assertThat(page.getByTestId("file-text")).containsText("marker-002000");
    }

    @Test
    void the_files_of_evidence_are_browsed_and_read() throws IOException {
        String evidence = varve.get("/api/v1/incidents/" + incident + "/forensics")
                .path("evidence")
                .path(0)
                .path("id")
                .asText();
        page.navigate("/evidence/" + evidence);
        page.getByTestId("open-files").click();
        page.getByTestId("files-row").getByText("etc").click();
        assertThat(page.getByTestId("files-row").getByText("hostname")).isVisible();
        page.getByTestId("files-filter").fill("hostn");
        assertThat(page.getByTestId("files-row")).hasCount(1);
        page.getByTestId("files-row").getByText("hostname").click();
        assertThat(page.getByTestId("file-text")).containsText(HostTree.HOST);
        screenshot(page, "files");
        String download = page.waitForDownload(
                        () -> page.getByTestId("file-download").click())
                .url();
        assertThat(page.getByTestId("file-panel")).isVisible();
        assertThat(download).contains("/api/v1/looks/");
        assertThat(varve.get("/api/v1/evidence/" + evidence + "/custody")
                        .path("items")
                        .findValuesAsText("action"))
                .contains("file_read");
    }

    @Test
    void a_key_for_encrypted_volumes_is_given_and_the_evidence_is_read_again() throws IOException {
        String evidence = varve.get("/api/v1/incidents/" + incident + "/forensics")
                .path("evidence")
                .path(0)
                .path("id")
                .asText();
        int run =
                varve.get("/api/v1/evidence/" + evidence).at("/processing/run").asInt();
        page.navigate("/evidence/" + evidence);
        page.getByTestId("key-value").fill("a passphrase that nobody may see");
        page.getByTestId("key-add").click();
        assertThat(page.getByTestId("evidence-key")).containsText("Password");
        screenshot(page, "evidence-keys");
        Awaitility.await("the evidence is read again")
                .atMost(Duration.ofMinutes(2))
                .ignoreException(IOException.class)
                .until(() -> {
                    JsonNode processing =
                            varve.get("/api/v1/evidence/" + evidence).path("processing");
                    return processing.path("run").asInt() > run
                            && processing.path("state").asText().equals("done");
                });
        page.getByTestId("remove-key").click();
        page.getByTestId("confirm-yes").click();
        assertThat(page.getByTestId("evidence-key")).hasCount(0);
        assertThat(varve.get("/api/v1/evidence/" + evidence + "/custody")
                        .path("items")
                        .findValuesAsText("action"))
                .contains("key.added", "key.removed");
    }

    @Test
    void markup_in_an_alert_stays_text() {
        page.navigate("/incidents");
        assertThat(page.locator("[data-testid=incident-row][data-id='" + hostile + "']"))
                .containsText(Scene.HOSTILE);
        for (String tab : List.of("overview", "alerts", "forensics")) {
            page.navigate("/incidents/" + hostile + "/" + tab);
            assertThat(page.getByTestId("incident-title")).containsText(Scene.HOSTILE);
            assertThat(page.locator("img[src=x], script:not([src])")).hasCount(0);
            assertThat(page.locator("a[href^='javascript:']")).hasCount(0);
        }
        page.navigate("/assets");
        assertThat(page.getByTestId("asset-row").filter(new Locator.FilterOptions().setHasText(Scene.HOSTILE)))
                .isVisible();
    }

    @Test
    void a_vendor_is_connected_its_secret_stays_hidden_and_what_is_wrong_is_named() throws IOException {
        page.navigate("/integrations");
        page.getByTestId("integration-add").click();
        page.locator("[data-testid=vendor-card][data-vendor=sentinelone]").click();
        page.getByTestId("field-name").fill("Nobody's console");
        page.getByTestId("field-base_url").fill("http://127.0.0.1:9");
        page.getByTestId("field-api_token").fill("a-secret-that-is-never-shown");
        page.getByTestId("integration-save").click();
        assertThat(page.getByTestId("secret-api_token")).hasAttribute("data-state", "set");
        assertThat(page.locator("[data-testid=check-row][data-result=failed]"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS));
        assertThat(page.getByTestId("integration-problem")).isVisible();
        String id = page.url().substring(page.url().lastIndexOf('/') + 1);
        String before =
                varve.get("/api/v1/integrations/" + id).path("checkedAt").asText();
        assertThat(page.getByTestId("checked-at")).hasAttribute("data-at", before);
        page.getByTestId("integration-test").click();
        assertThat(page.getByTestId("checked-at"))
                .not()
                .hasAttribute(
                        "data-at", before, new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE_MILLIS));
        screenshot(page, "integration-failed");
        page.getByTestId("field-name").fill("Still nobody's console");
        page.getByTestId("integration-save").click();
        assertThat(page.locator("main h1")).hasText("Still nobody's console");
        assertThat(page.content()).doesNotContain("a-secret-that-is-never-shown");
        page.getByTestId("integration-delete").click();
        page.getByTestId("confirm-yes").click();
        assertThat(page.getByTestId("integration-add")).isVisible();
        assertThat(page.locator("[data-testid=integration-row][data-id='" + id + "']"))
                .hasCount(0);
    }

    @Test
    void a_rule_is_simulated_over_the_alerts_of_the_scene() {
        page.navigate("/rules");
        page.getByTestId("rule-create").click();
        page.getByTestId("rule-name").fill("what if");
        page.getByTestId("draft-simulate").click();
        assertThat(page.getByTestId("simulation")).hasAttribute("data-state", "done");
        assertThat(page.getByTestId("simulation-captures")).containsText("of 1 host");
        assertThat(page.getByTestId("simulation-row").first()).isVisible();
        screenshot(page, "simulation");
    }

    @Test
    void every_page_renders_in_dark_and_light() {
        Map<String, String> pages = pages();
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            Page window = browser.open(scheme);
            pages.forEach((name, address) -> {
                window.navigate(address);
                assertThat(window.locator("main h1, main [data-testid=timeline-row]")
                                .first())
                        .isVisible();
                assertThat(window.getByTestId("loading")).hasCount(0);
                if (name.startsWith("incident-")) {
                    assertThat(window.locator("main [data-testid^=corroboration-]")
                                    .first())
                            .isVisible();
                }
                assertThat(window.getByTestId("failure")).hasCount(0);
                assertThat(window.evaluate("document.documentElement.scrollWidth"))
                        .as("%s fits the window", name)
                        .isEqualTo(window.viewportSize().width);
                assertThat(brightness(window))
                        .as("%s in %s", name, scheme)
                        .matches(value -> scheme == ColorScheme.DARK ? value < 0.3 : value > 0.7);
                screenshot(window, name + "-" + scheme.name().toLowerCase(Locale.ROOT));
            });
            window.context().close();
        }
    }

    @Test
    void while_the_database_is_down_the_page_says_so_and_goes_on_when_it_is_back() throws IOException {
        page.navigate("/timeline");
        assertThat(page.getByTestId("timeline-row").first()).isVisible();
        var patient = new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
        varve.signalSupervisor("STOP");
        try {
            ProcessHandle.of(varve.pid("postgres")).ifPresent(ProcessHandle::destroyForcibly);
            search("marker-000009");
            assertThat(page.getByTestId("failure")).isVisible(patient);
            assertThat(page.getByTestId("failure")).containsText("The database does not answer.");
            assertThat(page.getByTestId("nav-incidents")).isVisible();
            screenshot(page, "database-down");
        } finally {
            varve.signalSupervisor("CONT");
        }
        varve.awaitReady();
        page.getByTestId("failure").getByRole(AriaRole.BUTTON).click();
        assertThat(page.getByTestId("timeline-row")
                        .filter(new Locator.FilterOptions().setHasText("marker-000009 happened")))
                .isVisible(patient);
        page.getByTestId("nav-incidents").click();
        assertThat(page.getByTestId("incident-row").first()).isVisible(patient);
    }

    private Map<String, String> pages() {
        try {
            String evidence = varve.get("/api/v1/incidents/" + incident + "/forensics")
                    .path("evidence")
                    .path(0)
                    .path("id")
                    .asText();
            String event = event("marker-000007").path("id").asText();
            return Map.ofEntries(
                    Map.entry("incidents", "/incidents"),
                    Map.entry("incident-overview", "/incidents/" + incident + "/overview"),
                    Map.entry("incident-alerts", "/incidents/" + incident + "/alerts"),
                    Map.entry("incident-forensics", "/incidents/" + incident + "/forensics"),
                    Map.entry("incident-hostile", "/incidents/" + hostile + "/forensics"),
                    Map.entry("timeline", "/timeline"),
                    Map.entry("timeline-event", "/timeline?q=marker*&event=" + event),
                    Map.entry("evidence", "/evidence"),
                    Map.entry("evidence-item", "/evidence/" + evidence),
                    Map.entry("assets", "/assets?asset=" + scene.host.asset),
                    Map.entry("rules", "/rules"),
                    Map.entry("integrations", "/integrations"),
                    Map.entry("integrations-new", "/integrations/new?vendor=crowdstrike"),
                    Map.entry("settings", "/settings"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode event(String marker) throws IOException {
        return varve.get("/api/v1/timeline?q=" + marker).path("events").path(0);
    }

    private void search(String text) {
        page.getByTestId("timeline-q").fill(text);
        page.getByTestId("timeline-q").press("Enter");
    }

    /// Of the background, 0 black to 1 white.
    private static double brightness(Page window) {
        Object colour = window.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)"
                + ".slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765");
        return ((Number) colour).doubleValue();
    }

    private static void screenshot(Page window, String name) {
        window.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }
}
