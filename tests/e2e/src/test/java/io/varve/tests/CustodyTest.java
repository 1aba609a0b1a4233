package io.varve.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.varve.evidence.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Evidence leaves as a package that the command line checks without the server; what is altered in the store is an
/// alarm; bytes go only by policy.
@Tag("custody")
final class CustodyTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    @TempDir
    static Path folder = Path.of("");

    private static final Map<String, String> ENVIRONMENT = new ConcurrentHashMap<>();
    private static Installation varve = unset();
    private static TestAuthority authority = unset();
    private static Host host = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        authority = new TestAuthority();
        ENVIRONMENT.put("VARVE_CUSTODY_TIMESTAMP_AUTHORITY", authority.address().toString());
        ENVIRONMENT.put("VARVE_CUSTODY_POLL", "PT1S");
        varve = Installation.start(folder.resolve("data"), ENVIRONMENT);
        host = Scene.set(varve, folder).host;
    }

    @AfterAll
    static void stop() {
        varve.close();
        authority.close();
    }

    @Test
    void a_package_is_checked_by_the_command_line_against_the_published_key_and_fails_when_a_bit_changes()
            throws Exception {
        String id = sealed();
        JsonNode one = export(id, "for the court");
        byte[] bytes = varve.download("/api/v1/evidence/%s/exports/%s/package"
                .formatted(id, one.path("id").asText()));
        assertThat(bytes.length).isEqualTo(one.path("size").asInt());
        Path archive = Files.write(folder.resolve(id + ".tar"), bytes);
        String key = publishedKey();
        Ran good = verify(archive, "--trust", key);
        assertThat(good.output()).endsWith("consistent, signed by the trusted key\n");
        assertThat(good.exit()).isZero();
        assertThat(verify(archive).output()).endsWith("consistent, signer not pinned\n");
        assertThat(verify(archive, "--trust", "0".repeat(64)).exit()).isEqualTo(1);

        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        assertThat(run("tar", "xf", archive.toString(), "-C", unpacked.toString())
                        .exit())
                .isZero();
        Path inside = unpacked.resolve(id);
        assertThat(verify(inside, "--trust", key).exit()).isZero();
        byte[] data = Files.readAllBytes(inside.resolve("data"));
        assertThat(Scene.sha256(data))
                .isEqualTo(varve.get("/api/v1/evidence/" + id).path("sha256").asText());
        data[data.length / 2] ^= 4;
        Files.delete(inside.resolve("data"));
        Files.write(inside.resolve("data"), data);
        Ran bad = verify(inside, "--trust", key);
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.output()).contains("PROBLEM: part 1 (bytes 0 to").endsWith("NOT consistent\n");
        assertThat(actions(id)).containsSubsequence("capture.started", "sealed", "exported", "package.downloaded");
    }

    @Test
    void a_time_stamp_of_the_newest_checkpoint_is_in_the_package_and_openssl_agrees() throws Exception {
        Assumptions.assumeTrue(run("openssl", "version").exit() == 0, "openssl is not installed");
        String id = sealed();
        JsonNode one = export(id, "with time");
        Path archive = Files.write(
                folder.resolve("stamped.tar"),
                varve.download("/api/v1/evidence/%s/exports/%s/package"
                        .formatted(id, one.path("id").asText())));
        Path unpacked = Files.createDirectory(folder.resolve("stamped"));
        run("tar", "xf", archive.toString(), "-C", unpacked.toString());
        Path authorities = authority.certificate(folder.resolve("authority.pem"));
        List<Path> stamps;
        try (Stream<Path> files = Files.list(unpacked.resolve(id).resolve("timestamps"))) {
            stamps = files.sorted().toList();
        }
        assertThat(stamps).isNotEmpty();
        for (Path stamp : stamps) {
            String number = stamp.getFileName().toString().replace(".tsr", ".json");
            Ran checked = run(
                    "openssl",
                    "ts",
                    "-verify",
                    "-in",
                    stamp.toString(),
                    "-data",
                    unpacked.resolve(id).resolve("checkpoints").resolve(number).toString(),
                    "-CAfile",
                    authorities.toString());
            assertThat(checked.exit()).as(checked.output()).isZero();
        }
    }

    @Test
    void the_report_and_the_case_file_are_taken_and_that_is_on_record() throws Exception {
        String id = sealed();
        byte[] pdf = varve.download("/api/v1/evidence/" + id + "/documents/custody.pdf");
        assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        JsonNode cases = JSON.readTree(varve.download("/api/v1/evidence/" + id + "/documents/custody.jsonld"));
        assertThat(cases.path("@graph").findValuesAsText("case-investigation:exhibitNumber"))
                .containsExactly(id);
        assertThat(actions(id)).containsSubsequence("report.downloaded", "case.downloaded");
    }

    @Test
    void what_the_server_adds_is_signed_soon_by_a_worker() throws IOException {
        String id = sealed();
        varve.download("/api/v1/evidence/" + id + "/download");
        int newest = actions(id).size();
        Path checkpoint = varve.data
                .resolve("objects/main/evidence")
                .resolve(id)
                .resolve("checkpoints/%08d.json".formatted(newest));
        Awaitility.await("entry %d is signed".formatted(newest))
                .atMost(Duration.ofMinutes(1))
                .until(() -> Files.exists(checkpoint));
        JsonNode verified = varve.post("/api/v1/evidence/" + id + "/verify", "{}");
        assertThat(verified.path("verified").asBoolean())
                .as(verified.toString())
                .isTrue();
        assertThat(verified.path("unsignedEntries").asInt()).isZero();
    }

    @Test
    void a_new_key_signs_from_now_on_and_the_old_one_is_published_as_retired() throws Exception {
        String before = publishedKey();
        String old = sealed();
        varve.post("/api/v1/signingkeys/rotations", "{}");
        Host.await(
                "the key is another",
                varve,
                "/api/v1/signingkeys",
                keys -> keys.path("items").path(1).hasNonNull("retired"));
        String now = publishedKey();
        assertThat(now).isNotEqualTo(before);
        JsonNode one = export(old, "after the key changed");
        Path archive = Files.write(
                folder.resolve("rotated.tar"),
                varve.download("/api/v1/evidence/%s/exports/%s/package"
                        .formatted(old, one.path("id").asText())));
        assertThat(verify(archive, "--trust", now).exit()).isZero();
    }

    @Test
    void bytes_altered_in_the_store_are_an_alarm_and_policy_deletes_what_no_hold_keeps() throws Exception {
        String altered = sealed();
        String held = sealed();
        Path data = varve.data.resolve("objects/main/evidence").resolve(altered).resolve("data");
        if (!Files.exists(data)) {
            JsonNode item = varve.get("/api/v1/evidence/" + altered);
            data = varve.data
                    .resolve("objects/main/evidence")
                    .resolve(item.path("sameBytesAs").asText())
                    .resolve("data");
        }
        flip(data);
        varve.post("/api/v1/evidence/" + held + "/care/hold", "{\"held\":true,\"reason\":\"case 7\"}");
        ENVIRONMENT.put("VARVE_CUSTODY_REHASH_EVERY", "PT1S");
        varve.restart();
        Host.await(
                "the alarm is there",
                varve,
                "/api/v1/alarms",
                alarms -> alarms.path("items").findValuesAsText("id").contains(altered));
        assertThat(varve.get("/api/v1/evidence/" + altered)
                        .path("care")
                        .path("problem")
                        .asText())
                .contains("part 1 (bytes 0 to ", "was altered");
        assertThat(actions(altered)).contains("rehashed");
        flip(data);
        ENVIRONMENT.remove("VARVE_CUSTODY_REHASH_EVERY");
        ENVIRONMENT.put("VARVE_CUSTODY_DELETE_AFTER", "PT1S");
        varve.restart();
        Host.await(
                "the rest is deleted",
                varve,
                "/api/v1/evidence/" + altered,
                item -> item.path("state").asText().equals("deleted"));
        assertThat(varve.get("/api/v1/evidence/" + held).path("state").asText()).isEqualTo("sealed");
        Host.await(
                "the log says so",
                varve,
                "/api/v1/evidence/" + altered + "/custody",
                log -> log.path("items").findValuesAsText("action").contains("deleted"));
        assertThat(actions(held)).contains("hold.placed").doesNotContain("deleted");
        ENVIRONMENT.remove("VARVE_CUSTODY_DELETE_AFTER");
        varve.restart();
    }

    /// A single bit in the middle.
    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file);
        Files.write(file, bytes);
    }

    @Test
    @Tag("browser")
    void the_custody_page_shows_the_chain_makes_a_package_and_says_how_to_check_it() throws Exception {
        Optional<Path> chromium = Browser.installed();
        Assumptions.assumeTrue(chromium.isPresent(), "no chromium on this machine: the browser tests are skipped");
        String id = sealed();
        try (Browser browser = Browser.start(chromium.get(), varve.url(""))) {
            browser.signIn("admin", Installation.PASSWORD);
            for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                Page page = browser.open(scheme);
                page.navigate("/evidence/" + id);
                page.getByTestId("open-custody").click();
                assertThat(page.getByTestId("custody-page")).isVisible();
                assertThat(page.getByTestId("verify-command")).containsText(publishedKey());
                page.getByTestId("verify-now").click();
                assertThat(page.getByTestId("verify-result")).containsText("custody entries verified");
                page.getByTestId("export-reason").fill("handed to the lawyer " + scheme);
                page.getByTestId("export-ask").click();
                Download download = page.waitForDownload(
                        () -> page.getByTestId("export-download").first().click());
                Path archive = folder.resolve("by-browser-" + scheme + ".tar");
                download.saveAs(archive);
                assertThat(verify(archive, "--trust", publishedKey()).exit()).isZero();
                page.getByTestId("hold-reason").fill("court order 12");
                page.getByTestId("hold-change").click();
                assertThat(page.getByTestId("hold-state")).containsText("court order 12");
                screenshot(page, "custody-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                page.getByTestId("hold-reason").fill("settled");
                page.getByTestId("hold-change").click();
                assertThat(page.getByTestId("hold-state")).hasText("none");
                assertThat(page.getByTestId("chain-entry").nth(7)).isVisible();
                assertThat(page.locator("[data-next=broken]")).hasCount(0);
                page.context().close();
            }
            assertThat(browser.complaints()).isEmpty();
        }
        assertThat(actions(id)).contains("verified", "exported", "package.downloaded", "hold.placed", "hold.lifted");
    }

    private static void screenshot(Page page, String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /// Evidence of a capture of its own, read into the timeline.
    private static String sealed() throws IOException {
        JsonNode capture = host.capture();
        host.awaitProcessed(capture);
        return Host.evidence(capture);
    }

    private static JsonNode export(String id, String reason) throws IOException {
        JsonNode asked = varve.post("/api/v1/evidence/" + id + "/exports", "{\"reason\":\"" + reason + "\"}");
        JsonNode ended = Host.await(
                "the package is ready",
                varve,
                "/api/v1/evidence/%s/exports/%s".formatted(id, asked.path("id").asText()),
                answer -> !answer.path("state").asText().equals("preparing"));
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("ready");
        return ended;
    }

    private static List<String> actions(String id) throws IOException {
        return varve.get("/api/v1/evidence/" + id + "/custody").path("items").findValuesAsText("action");
    }

    /// Without a sign-in: whoever was given a package asks like this.
    private static String publishedKey() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer = client.send(
                            HttpRequest.newBuilder(URI.create(varve.url("/api/v1/signingkeys")))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return JSON.readTree(answer)
                    .path("items")
                    .valueStream()
                    .filter(key -> !key.hasNonNull("retired"))
                    .findFirst()
                    .orElseThrow()
                    .path("fingerprint")
                    .asText();
        }
    }

    private record Ran(int exit, String output) {}

    private static Ran verify(Path what, String... options) throws Exception {
        var command = new ArrayList<>(List.of(
                Installation.root()
                        .resolve("varve")
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                "verify",
                what.toString()));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    private static Ran run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("VARVE_NO_BUILD", "1");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ran(-1, e.toString());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }
}
