package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a source or an attacker may send to the alert endpoint.
final class HostileAlertTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static String key = "";

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        varve = Installation.start(folder.resolve("data"));
        key = varve.alertKey();
    }

    @AfterAll
    static void stop() {
        varve.close();
    }

    @Test
    void a_body_of_five_megabytes_is_refused() throws IOException {
        byte[] body = new byte[5 << 20];
        Arrays.fill(body, (byte) ' ');
        problem(varve.postAlert("generic", key, body), 413, "too_large");
    }

    @Test
    void what_is_not_json_is_refused() throws IOException {
        problem(varve.postAlert("generic", key, bytes("{\"title\": ")), 400, "bad_request");
    }

    @Test
    void a_wrong_key_is_refused() throws IOException {
        problem(varve.postAlert("generic", "vk_wrong", bytes("{}")), 401, "unauthorized");
    }

    @Test
    void an_unknown_source_is_refused() throws IOException {
        problem(varve.postAlert("nobody", key, bytes("{}")), 404, "unknown_source");
    }

    @Test
    void a_key_for_alerts_reads_nothing() throws IOException {
        HttpResponse<String> answer = varve.send(varve.request("/api/v1/incidents")
                .header("Authorization", "Bearer " + key)
                .GET());
        problem(answer, 403, "forbidden");
    }

    @Test
    void a_host_name_that_is_html_stays_text_and_the_same_alert_twice_is_one() throws IOException {
        String host = "<script>alert(1)</script>";
        byte[] body = bytes("""
                {"sourceAlertId":"x1","title":"<img src=x onerror=alert(2)>","severity":90,
                 "hosts":[{"hostname":"%s"}]}""".formatted(host));
        assertThat(varve.postAlert("generic", key, body).statusCode()).isEqualTo(202);
        assertThat(varve.postAlert("generic", key, body).statusCode()).isEqualTo(202);
        JsonNode alerts = Host.await(
                "both are read",
                varve,
                "/api/v1/alerts?limit=100",
                answer -> answer.path("items").size() >= 2
                        && !answer.path("items").findValuesAsText("state").contains("received"));
        assertThat(alerts.path("items").findValuesAsText("state")).contains("repeat", "normalised");
        JsonNode incidents = varve.get("/api/v1/incidents");
        assertThat(incidents.path("items")).hasSize(1);
        JsonNode incident = incidents.path("items").path(0);
        assertThat(incident.path("alerts").asInt()).isEqualTo(1);
        HttpResponse<String> page = varve.send(
                varve.request("/incidents/" + incident.path("id").asText()).GET());
        assertThat(page.body()).doesNotContain("alert(1)");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'");
    }

    private static void problem(HttpResponse<String> answer, int status, String code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("code").asText()).isEqualTo(code);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
