package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the stories of all clouds have in common: an alert, the capture its rule asks for, what became of it.
final class CloudStory {
    private static final JsonMapper JSON = new JsonMapper();

    private final Installation varve;
    private final String key;

    CloudStory(Installation varve) throws IOException {
        this.varve = varve;
        this.key = varve.alertKey();
    }

    /// Posts an alert and answers its incident.
    String incident(String source, JsonNode alert) throws IOException {
        HttpResponse<String> answer = varve.postAlert(source, key, JSON.writeValueAsBytes(alert));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = JSON.readTree(answer.body()).path("alert").asText();
        return Host.await("the alert is read", varve, "/api/v1/alerts/" + id, a -> a.hasNonNull("incident"))
                .path("incident")
                .asText();
    }

    /// The capture that a rule asks for.
    JsonNode capture(String incident) {
        return Host.captureOf(incident, varve);
    }

    JsonNode awaitEnded(JsonNode capture) {
        return Host.awaitEnded(capture, varve);
    }

    void awaitCaptured(JsonNode capture) {
        JsonNode ended = awaitEnded(capture);
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("captured");
    }

    /// Waits until the evidence is sealed and has been read, well or not.
    JsonNode awaitRead(JsonNode capture) {
        return Host.await(
                "the evidence is read",
                varve,
                "/api/v1/evidence/" + Host.evidence(capture),
                answer -> answer.path("state").asText().equals("sealed")
                        && answer.path("processing").path("state").asText().matches("done|failed"));
    }

    JsonNode awaitReadWell(JsonNode capture) {
        JsonNode evidence = awaitRead(capture);
        assertThat(evidence.path("processing").path("state").asText())
                .as(evidence.toString())
                .isEqualTo("done");
        return evidence;
    }

    /// The captured bytes, in the evidence store.
    Path data(JsonNode capture) {
        return varve.data
                .resolve("objects/main/evidence")
                .resolve(Host.evidence(capture))
                .resolve("data");
    }

    /// What is on record of the evidence, each act once.
    Set<String> custody(JsonNode capture) throws IOException {
        return new TreeSet<>(varve.get("/api/v1/evidence/" + Host.evidence(capture) + "/custody")
                .path("items")
                .findValuesAsText("action"));
    }

    void killWorker() {
        try {
            varve.kill("worker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Looks at the incident in a browser, where this machine has one: the alert is confirmed.
    void expectConfirmedInBrowser(String incident) throws IOException {
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
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
