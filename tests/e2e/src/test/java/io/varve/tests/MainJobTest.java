package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The main job through the public interface: alerts, the rule's capture, a second one, and what they show.
final class MainJobTest {
    private static final String MARKER = "marker-000007";

    @TempDir
    static Path folder = Path.of("");

    private static Installation varve = unset();
    private static Scene scene = unset();
    private static String alert = "";
    private static String repeat = "";
    private static String incident = "";
    private static JsonNode forensics = unset();
    private static JsonNode first = unset();
    private static JsonNode second = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void alertsLeadToCaptures() throws IOException {
        varve = Installation.start(folder.resolve("data"));
        scene = Scene.set(varve, folder);
        alert = scene.alertAll();
        incident = scene.awaitIncident(alert);
        forensics = scene.awaitJudged(incident);
        first = forensics.path("captures").path(0);
        repeat = scene.alertConfirmed();
        second = scene.host.capture();
        scene.host.awaitProcessed(second);
    }

    @AfterAll
    static void stop() {
        varve.close();
    }

    @Test
    void alerts_about_one_host_are_one_incident_and_the_same_alert_twice_is_one() throws IOException {
        assertThat(forensics.path("incident").path("alerts").asInt()).isEqualTo(4);
        assertThat(forensics.path("incident").path("title").asText()).isEqualTo("Script dropped in a temporary folder");
        assertThat(Scene.states(forensics)).hasSize(4);
        Host.await(
                "the second sending is read",
                varve,
                "/api/v1/alerts/" + repeat,
                answer -> answer.path("state").asText().equals("repeat"));
        assertThat(varve.get("/api/v1/incidents/" + incident + "/forensics")
                        .path("alerts")
                        .findValuesAsText("sourceAlertId"))
                .containsOnlyOnce(Scene.CONFIRMED);
    }

    @Test
    void every_alert_has_a_decision_with_a_reason_and_the_rule_asked_for_one_capture() {
        JsonNode decisions = forensics.path("decisions");
        assertThat(decisions.findValuesAsText("reason")).doesNotContain("");
        assertThat(decisions.findValuesAsText("outcome"))
                .as("the rule that is always there came second")
                .containsExactlyInAnyOrder(
                        "capture_requested",
                        "already_captured",
                        "no_rule_matched",
                        "no_rule_matched",
                        "no_rule_matched");
        JsonNode taken = StreamSupport.stream(decisions.spliterator(), false)
                .filter(decision -> decision.path("outcome").asText().equals("capture_requested"))
                .findFirst()
                .orElseThrow();
        assertThat(taken.path("alert").asText()).isEqualTo(alert);
        assertThat(taken.path("ruleName").asText()).isEqualTo(Scene.RULE);
        assertThat(taken.path("capture").asText()).isEqualTo(first.path("id").asText());
        assertThat(first.path("state").asText()).isEqualTo("captured");
        assertThat(first.path("rule").asText()).isEqualTo(taken.path("rule").asText());
    }

    @Test
    void the_sealed_bytes_have_the_stated_digest_and_reading_them_is_on_record() throws IOException {
        String evidence = "/api/v1/evidence/" + Host.evidence(first);
        JsonNode item = varve.get(evidence);
        byte[] sealed = varve.download(evidence + "/download");
        assertThat(Scene.sha256(sealed)).isEqualTo(item.path("sha256").asText());
        assertThat(sealed.length).isEqualTo(item.path("size").asInt());
        JsonNode verified = varve.post(evidence + "/verify", "{}");
        assertThat(verified.path("verified").asBoolean())
                .as(verified.toString())
                .isTrue();
        assertThat(verified.path("problems")).isEmpty();
        List<String> actions = varve.get(evidence + "/custody").path("items").findValuesAsText("action");
        assertThat(actions).contains("sealed").hasSizeGreaterThan(2);
        assertThat(actions.indexOf("sealed")).isLessThan(actions.size() - 2);
    }

    @Test
    void an_event_has_the_time_the_host_wrote_and_resolves_to_its_line() throws IOException {
        List<String> log = Files.readAllLines(scene.root.resolve("var/log/syslog"));
        String line = log.get(6);
        JsonNode page = varve.get("/api/v1/timeline?q=" + MARKER);
        assertThat(page.path("total").asInt()).isEqualTo(1);
        JsonNode event = page.path("events").path(0);
        assertThat(line).contains(MARKER);
        assertThat(Instant.parse(event.path("timestamp").asText()))
                .isEqualTo(Instant.parse(line.substring(0, line.indexOf(' '))));
        assertThat(event.path("host").asText()).isEqualTo(HostTree.HOST);
        JsonNode location = event.path("location");
        assertThat(location.path("evidence").asText()).isEqualTo(Host.evidence(first));
        assertThat(location.path("path").asText()).endsWith("/var/log/syslog");
        long offset = String.join("\n", log.subList(0, 6)).getBytes(StandardCharsets.UTF_8).length + 1;
        assertThat(location.path("offset").asLong()).isEqualTo(offset);
    }

    @Test
    void every_line_is_read_and_the_coverage_adds_up() throws IOException {
        JsonNode rows = varve.get("/api/v1/evidence/" + Host.evidence(first) + "/coverage?limit=1000")
                .path("items");
        assertThat(rows).isNotEmpty();
        for (JsonNode row : rows) {
            assertThat(row.path("found").asLong())
                    .as(row.toString())
                    .isEqualTo(
                            row.path("parsed").asLong() + row.path("rejected").asLong());
        }
        JsonNode syslog = StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> row.path("path").asText().endsWith("/var/log/syslog"))
                .findFirst()
                .orElseThrow();
        assertThat(syslog.path("status").asText()).isEqualTo("parsed");
        assertThat(syslog.path("parsed").asInt()).isEqualTo(Scene.LINES);
    }

    @Test
    void an_alert_about_a_file_that_is_there_is_confirmed_by_events_that_name_it() {
        JsonNode confirmed = Scene.answer(forensics, Scene.CONFIRMED).path("corroboration");
        assertThat(confirmed.path("reason").asText()).contains(Scene.DROPPED);
        assertThat(confirmed.path("events")).isNotEmpty().allSatisfy(event -> {
            assertThat(event.path("fields").path("file.path").asText()).isEqualTo(Scene.DROPPED);
            assertThat(event.path("fields").path("file.hash.sha256").asText()).isEqualTo(scene.sha256);
        });
        assertThat(forensics.path("firstEvents"))
                .anySatisfy(event -> assertThat(
                                event.path("fields").path("file.path").asText())
                        .isEqualTo(Scene.DROPPED));
    }

    @Test
    void the_other_alerts_are_not_confirmed_and_say_why() {
        JsonNode contradicted = Scene.answer(forensics, Scene.CONTRADICTED).path("corroboration");
        assertThat(contradicted.path("reason").asText()).contains("/etc/passwd");
        assertThat(contradicted.path("events")).isNotEmpty();
        JsonNode notSeen = Scene.answer(forensics, Scene.NOT_SEEN).path("corroboration");
        assertThat(notSeen.path("reason").asText()).contains("/tmp/never-there");
        assertThat(notSeen.path("events")).isEmpty();
        JsonNode notCollected = Scene.answer(forensics, Scene.NOT_COLLECTED).path("corroboration");
        assertThat(notCollected.path("reason").asText()).contains("203.0.113.77");
        assertThat(notCollected.path("events")).isEmpty();
        assertThat(notCollected.path("sources").findValuesAsText("status")).doesNotContain("read");
    }

    @Test
    void an_event_leads_back_to_the_alert_about_it() throws IOException {
        JsonNode behind =
                Scene.answer(forensics, Scene.CONFIRMED).path("corroboration").path("events");
        JsonNode event =
                varve.get("/api/v1/timeline/events/" + behind.path(0).path("id").asText());
        assertThat(event.path("alerts").valueStream().map(JsonNode::asText)).containsExactly(alert);
        assertThat(event.path("asset").path("id").asText()).isEqualTo(scene.host.asset);
    }

    @Test
    void a_record_in_two_captures_is_shown_once_and_each_capture_alone_shows_all() throws IOException {
        assertThat(varve.get("/api/v1/timeline?limit=1&q=marker*").path("total").asInt())
                .isEqualTo(Scene.LINES);
        assertThat(scene.host.count(first, "marker*")).isEqualTo(Scene.LINES);
        assertThat(scene.host.count(second, "marker*")).isEqualTo(Scene.LINES);
        JsonNode shown =
                varve.get("/api/v1/timeline?q=" + MARKER).path("events").path(0);
        JsonNode event = varve.get("/api/v1/timeline/events/" + shown.path("id").asText());
        assertThat(event.path("alsoIn").findValuesAsText("evidence")).containsExactly(Host.evidence(second));
        JsonNode copy = varve.get("/api/v1/timeline/events/"
                + event.path("alsoIn").path(0).path("event").asText());
        assertThat(copy.path("message")).isEqualTo(event.path("message"));
        assertThat(copy.path("record")).isEqualTo(event.path("record"));
    }

    @Test
    void a_bad_query_is_a_problem_in_plain_words() throws IOException {
        HttpResponse<String> answer = varve.fetch("/api/v1/timeline?q=%28unclosed");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("bad_query");
    }

    @Test
    void two_names_of_one_machine_are_joined_and_taken_apart_again() throws IOException {
        String other = assetOf(scene.alert(
                "scene-alias-1", "Other name", 10, Map.of("hosts", List.of(Map.of("hostname", "web77-alias")))));
        assertThat(other).isNotEqualTo(scene.host.asset);
        JsonNode merged = varve.post("/api/v1/assets/" + other + "/merge", "{\"into\":\"" + scene.host.asset + "\"}");
        assertThat(merged.path("id").asText()).isEqualTo(scene.host.asset);
        assertThat(merged.path("identifiers").findValuesAsText("value")).contains("web77-alias", HostTree.HOST);
        assertThat(assetOf(scene.alert(
                        "scene-alias-2", "Again", 10, Map.of("hosts", List.of(Map.of("hostname", "web77-alias"))))))
                .isEqualTo(scene.host.asset);
        JsonNode split = varve.post(
                "/api/v1/assets/" + scene.host.asset + "/split",
                "{\"identifiers\":[{\"kind\":\"host_name\",\"value\":\"web77-alias\"}]}");
        assertThat(split.path("id").asText()).isNotEqualTo(scene.host.asset);
        assertThat(assetOf(scene.alert(
                        "scene-alias-3", "Apart", 10, Map.of("hosts", List.of(Map.of("hostname", "web77-alias"))))))
                .isEqualTo(split.path("id").asText());
        assertThat(varve.get("/api/v1/assets/" + scene.host.asset)
                        .path("identifiers")
                        .findValuesAsText("value"))
                .contains(HostTree.HOST)
                .doesNotContain("web77-alias");
    }

    private static String assetOf(String alert) {
        return Host.await("the alert is read", varve, "/api/v1/alerts/" + alert, answer -> answer.hasNonNull("asset"))
                .path("asset")
                .asText();
    }
}
