package io.varve.emulator.defender;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.TestClock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class AlertsTest {
    private static final String INCIDENT =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w/providers"
                    + "/Microsoft.SecurityInsights/incidents/inc-1";

    private final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-03-22T10:00:00Z"));
    private final DefenderEmulator emulator = new DefenderEmulator(clock);
    private final Client client = new Client(emulator.url());

    @BeforeEach
    void start() {
        var roles = new HashSet<>(Application.CAPTURE_ROLES);
        roles.addAll(Application.COMMENT_ROLES);
        emulator.register(new Application("app-1", "s3cret", roles));
        emulator.start();
    }

    @AfterEach
    void stop() {
        emulator.close();
    }

    @Test
    void evidence_comes_only_when_it_is_asked_for() {
        ObjectNode alert = DefenderEmulator.json()
                .put("id", "da1")
                .put("severity", "High")
                .put("lastUpdateTime", "2026-03-22T09:00:00Z");
        alert.putArray("evidence").addObject().put("entityType", "Process");
        emulator.addAlert(alert);
        client.signIn("app-1", "s3cret", Client.DEFENDER);
        assertThat(client.get("/api/alerts").json().at("/value/0/evidence")).isEmpty();
        Map<String, String> query = Map.of(
                "$expand", "evidence", "$filter", "lastUpdateTime ge 2026-03-22T08:00:00Z and severity eq 'High'");
        assertThat(client.list("/api/alerts", query).json().at("/value/0/evidence"))
                .hasSize(1);
        assertThat(client.get("/api/alerts/da1").json().path("evidence")).hasSize(1);
        client.method("PATCH", "/api/alerts/da1", "{\"comment\":\"see the case\"}");
        assertThat(emulator.alert("da1").orElseThrow().at("/comments/0/comment").asText())
                .isEqualTo("see the case");
    }

    @Test
    void graph_pages_by_links_and_filters_by_time() {
        for (int i = 0; i < 5; i++) {
            emulator.addGraphAlert(DefenderEmulator.json()
                    .put("id", "a" + i)
                    .put("incidentId", "7")
                    .put("serviceSource", i == 0 ? "microsoftSentinel" : "microsoftDefenderForEndpoint")
                    .put("createdDateTime", "2026-03-22T0" + i + ":00:00Z")
                    .put("lastUpdateDateTime", "2026-03-22T0" + i + ":00:00Z"));
        }
        emulator.addGraphIncident(
                DefenderEmulator.json().put("id", "7").put("lastUpdateDateTime", "2026-03-22T09:00:00Z"));
        client.signIn("app-1", "s3cret", Client.GRAPH);
        JsonNode first = client.list(
                        "/v1.0/security/alerts_v2",
                        Map.of("$top", "3", "$filter", "lastUpdateDateTime ge 2026-03-22T01:00:00Z"))
                .json();
        assertThat(first.path("value").findValuesAsText("id")).containsExactly("a4", "a3", "a2");

        emulator.behaviour().graphPage = 2;
        String path = "/v1.0/security/alerts_v2";
        int seen = 0;
        while (!path.isEmpty()) {
            JsonNode page = client.get(path).json();
            seen += page.path("value").size();
            path = page.path("@odata.nextLink").asText().replace(emulator.url().toString(), "");
        }
        assertThat(seen).isEqualTo(5);
        assertThat(client.get("/v1.0/security/alerts_v2/a0")
                        .json()
                        .path("serviceSource")
                        .asText())
                .isEqualTo("unknownFutureValue");
        assertThat(client.get("/v1.0/security/incidents?$expand=alerts").json().at("/value/0/alerts"))
                .hasSize(5);
        client.post("/v1.0/security/alerts_v2/a1/comments", "{\"comment\":\"see the case\"}");
        assertThat(emulator.graphAlert("a1")
                        .orElseThrow()
                        .at("/comments/0/comment")
                        .asText())
                .isEqualTo("see the case");
    }

    @Test
    void sentinel_incidents_are_read_and_commented() {
        emulator.addSentinelIncident(
                DefenderEmulator.json().put("name", "inc-1"),
                List.of(DefenderEmulator.json().put("kind", "SecurityAlert")),
                List.of(
                        DefenderEmulator.json().put("kind", "Host"),
                        DefenderEmulator.json().put("kind", "Host")));
        client.signIn("app-1", "s3cret", Client.AZURE);
        assertThat(client.get(INCIDENT).status()).isEqualTo(400);
        String version = "?api-version=2024-03-01";
        assertThat(client.get(INCIDENT + version).json().path("name").asText()).isEqualTo("inc-1");
        String all = INCIDENT.substring(0, INCIDENT.lastIndexOf('/'));
        assertThat(client.get(all + version + "&$top=1").json().path("value")).hasSize(1);
        assertThat(client.post(INCIDENT + "/entities" + version, "")
                        .json()
                        .at("/metaData/0/count")
                        .asInt())
                .isEqualTo(2);
        assertThat(client.post(INCIDENT + "/alerts" + version, "").json().path("value"))
                .hasSize(1);
        String body = "{\"properties\":{\"message\":\"see the case\"}}";
        assertThat(client.method("PUT", INCIDENT + "/comments/c1" + version, body)
                        .status())
                .isEqualTo(201);
        assertThat(client.method("PUT", INCIDENT + "/comments/c1" + version, body)
                        .status())
                .isEqualTo(200);
        assertThat(emulator.sentinelComments("inc-1")).containsExactly("see the case");
    }

    @Test
    void machines_are_found_by_name_and_none_is_404() {
        emulator.add("web77.example.test", "WindowsServer2022");
        emulator.add("web78.example.test", "macOS");
        client.signIn("app-1", "s3cret", Client.DEFENDER);
        assertThat(machines("computerDnsName eq 'WEB77.example.test'").json().path("value"))
                .hasSize(1);
        assertThat(machines("startswith(computerDnsName,'web7') and osPlatform eq 'macOS'")
                        .json()
                        .path("value"))
                .hasSize(1);
        assertThat(machines("computerDnsName eq 'nobody'").status()).isEqualTo(404);
        assertThat(machines("isolation eq 'x'").json().at("/error/code").asText())
                .isEqualTo("ODataError");
        assertThat(machines("(lastSeen gt 2026-03-22T09:59:59Z) or not (id eq 'x')")
                        .json()
                        .path("value"))
                .hasSize(2);
        assertThat(machines("computerDnsName eq").status()).isEqualTo(400);
    }

    private Client.Answer machines(String filter) {
        return client.list("/api/machines", Map.of("$filter", filter));
    }
}
