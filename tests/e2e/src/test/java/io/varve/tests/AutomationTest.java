package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Automation through the public interface: rules of both forms, simulation, approval, and another console's question.
@Tag("contained")
final class AutomationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "cid:ind/a b%2F50";
    private static final String SENT = "cid%3Aind%2Fa%20b%252F50";

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static String alert = "";

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        varve = Installation.start(folder.resolve("data"));
        varve.post(
                "/api/v1/rules",
                "{\"name\":\"asks\",\"providers\":[],\"profile\":\"triage\",\"approval\":\"required\",\"minimumSeverity\":10}");
        alert = post("""
                {"id":"%s","group":"case/1","severity":50,"hosts":[{"hostname":"far01","agentId":"77","agentType":"mde",
                 "containment":"contained"}]}""".formatted(ID));
        read(alert);
    }

    @AfterAll
    static void stop() {
        varve.close();
    }

    @Test
    void another_console_finds_an_incident_by_its_own_ids_and_nothing_else() throws IOException {
        String key = varve.post("/api/v1/keys", "{\"name\":\"console\",\"scopes\":[\"forensics\"]}")
                .path("key")
                .asText();
        String incident = varve.get("/api/v1/alerts/" + alert).path("incident").asText();
        for (String path : List.of("generic/" + SENT, "generic?id=" + SENT, "generic/case/1", "generic?id=case%2F1")) {
            HttpResponse<String> answer = ask(key, "/api/v1/incidents/by-source/" + path);
            assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
            JsonNode known = JSON.readTree(answer.body());
            assertThat(known.path("incident").path("id").asText()).isEqualTo(incident);
            assertThat(known.path("link").asText()).isEqualTo("/incidents/" + incident + "/forensics");
            assertThat(known.path("counts").path("alerts").asInt()).isEqualTo(1);
        }
        assertThat(ask(key, "/api/v1/incidents/by-source/generic/other").statusCode())
                .isEqualTo(404);
        for (String path :
                List.of("incidents", "incidents/" + incident, "incidents/by-source/generic/%2e%2e/x", "alerts")) {
            assertThat(ask(key, "/api/v1/" + path).statusCode()).as(path).isIn(403, 404);
        }
    }

    @Test
    void a_capture_that_waits_is_rejected_with_a_reason_on_record() throws IOException {
        JsonNode waiting = Host.await(
                        "a capture waits",
                        varve,
                        "/api/v1/captures?state=awaiting_approval",
                        answer -> !answer.path("items").isEmpty())
                .path("items")
                .path(0);
        assertThat(waiting.path("provider").asText()).isEqualTo("defender");
        String path = "/api/v1/captures/" + waiting.path("id").asText();

        JsonNode rejected = varve.post(path + "/reject", "{\"reason\":\"an exercise\"}");

        assertThat(rejected.path("state").asText()).isEqualTo("rejected");
        assertThat(rejected.path("approval").path("by").asText()).isEqualTo("user:admin");
        assertThat(varve.get("/api/v1/decisions?alert=" + alert).path("items").findValuesAsText("outcome"))
                .contains("awaiting_approval", "rejected");
        assertThat(varve.get("/api/v1/audit").path("items").findValuesAsText("action"))
                .contains("capture_rejected");
    }

    @Test
    void a_rule_is_simulated_and_rules_of_the_release_before_still_work() throws IOException {
        JsonNode old = varve.post(
                "/api/v1/rules",
                "{\"name\":\"old\",\"provider\":\"endpoint\",\"profile\":\"triage\",\"enabled\":false}");
        assertThat(old.path("providers").path(0).asText()).isEqualTo("endpoint");
        assertThat(old.path("provider").asText()).isEqualTo("endpoint");

        JsonNode result = varve.post(
                "/api/v1/rules/simulate",
                "{\"rule\":{\"name\":\"new\",\"profile\":\"triage\",\"minimumSeverity\":10},\"period\":\"PT1H\"}");

        assertThat(result.path("captures").asInt()).isEqualTo(1);
        assertThat(result.path("byProvider").has("defender")).isTrue();
        assertThat(result.path("complete").asBoolean()).isTrue();
    }

    private static String post(String body) throws IOException {
        HttpResponse<String> answer =
                varve.postAlert("generic", varve.alertKey(), body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).path("alert").asText();
    }

    private static void read(String id) {
        Host.await("the alert is read", varve, "/api/v1/alerts/" + id, answer -> answer.hasNonNull("incident"));
    }

    private static HttpResponse<String> ask(String key, String path) throws IOException {
        HttpRequest.Builder request =
                varve.request(path).header("Authorization", "Bearer " + key).GET();
        return varve.send(request);
    }
}
