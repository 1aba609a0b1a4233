package io.varve.emulator.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class ConsoleTest {
    private static final Instant START = Instant.parse("2026-03-22T10:00:00Z");

    private final TestClock clock = TestClock.stoppedAt(START);
    private final SentinelOneEmulator console = new SentinelOneEmulator(clock);
    private final Client client = new Client(console.url(), "t0ken");

    @BeforeEach
    void start() {
        var permissions = new HashSet<>(ServiceUser.CAPTURE);
        permissions.addAll(ServiceUser.NOTES);
        console.register(new ServiceUser("varve", "t0ken", START.plus(Duration.ofDays(180)), permissions));
        console.start();
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void tokens_expire_and_need_permissions() {
        assertThat(client.get("/user").json().at("/data/apiToken/expiresAt").asText())
                .startsWith("2026-09-18");
        var other = new Client(console.url(), "0ther");
        JsonNode refused = other.get("/agents").json();
        assertThat(refused.at("/errors/0/code").asInt()).isEqualTo(4_010_010);
        assertThat(refused.has("data")).isFalse();
        console.register(new ServiceUser("guest", "0ther", START.plus(Duration.ofDays(1)), Set.of("Threats.view")));
        assertThat(other.get("/agents").json().at("/errors/0/detail").asText()).contains("Endpoints.view");
        assertThat(other.get("/threats").status()).isEqualTo(200);
        clock.advance(Duration.ofDays(2));
        assertThat(other.get("/threats").status()).isEqualTo(401);
        assertThat(other.get("/system/status").json().at("/data/health").asText())
                .isEqualTo("ok");
        assertThat(client.post("/agents", "{}").status()).isEqualTo(404);
    }

    @Test
    void scripts_are_limited_to_one_call_a_second_after_a_burst() {
        for (int i = 0; i < 30; i++) {
            assertThat(client.get("/remote-scripts").status()).isEqualTo(200);
        }
        Client.Answer refused = client.get("/remote-scripts");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(client.get("/remote-scripts").status()).isEqualTo(200);
        assertThat(client.get("/remote-scripts").status()).isEqualTo(429);
    }

    @Test
    void threats_come_by_cursor_and_none_is_missed_when_more_arrive() {
        for (int i = 0; i < 5; i++) {
            console.addThreat(threat(i));
        }
        var seen = new ArrayList<String>();
        String cursor = "";
        do {
            JsonNode page = client.get("/threats?limit=2&sortBy=createdAt&sortOrder=asc" + cursor)
                    .json();
            page.path("data").forEach(row -> seen.add(row.path("id").asText()));
            if (seen.size() == 2) {
                console.addThreat(threat(5));
            }
            cursor = page.at("/pagination/nextCursor").isNull()
                    ? ""
                    : "&cursor=" + page.at("/pagination/nextCursor").asText();
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(6).doesNotHaveDuplicates();
        assertThat(client.get("/threats?createdAt__gt=2026-03-22T03:00:00Z").data())
                .hasSize(2);
        assertThat(client.get("/threats?countOnly=true")
                        .json()
                        .at("/pagination/totalItems")
                        .asInt())
                .isEqualTo(6);
        assertThat(client.get("/threats?limit=1001").status()).isEqualTo(400);
    }

    @Test
    void notes_and_tickets_are_kept() {
        console.addThreat(threat(1));
        String filter = "\"filter\":{\"ids\":[\"" + id(1) + "\"]}";
        assertThat(client.post("/threats/notes", "{\"data\":{\"text\":\"see the case\"}," + filter + "}")
                        .data()
                        .path("affected")
                        .asInt())
                .isEqualTo(1);
        assertThat(client.post("/threats/notes", "{\"data\":{\"text\":\"x\"}," + filter + "}")
                        .status())
                .isEqualTo(400);
        client.post("/threats/external-ticket-id", "{\"data\":{\"externalTicketId\":\"case-42\"}," + filter + "}");
        assertThat(console.threatNotes(id(1))).containsExactly("see the case");
        assertThat(client.get("/threats/" + id(1) + "/notes").data()).hasSize(1);
        assertThat(console.threat(id(1))
                        .orElseThrow()
                        .at("/threatInfo/externalTicketId")
                        .asText())
                .isEqualTo("case-42");
    }

    @Test
    void alerts_of_own_rules_have_their_id_inside() {
        for (int i = 0; i < 3; i++) {
            ObjectNode alert = JsonNodeFactory.instance.objectNode();
            alert.putObject("alertInfo")
                    .put("alertId", "s" + i)
                    .put("createdAt", "2026-03-22T0" + i + ":00:00.000000Z");
            console.addStarAlert(alert);
        }
        JsonNode first = client.get("/cloud-detection/alerts?limit=2&createdAt__gte=2026-03-22T00:30:00Z")
                .json();
        assertThat(first.path("data").findValuesAsText("alertId")).containsExactly("s1", "s2");
        JsonNode page = client.get("/cloud-detection/alerts?limit=2").json();
        JsonNode rest = client.get("/cloud-detection/alerts?limit=2&cursor="
                        + page.at("/pagination/nextCursor").asText())
                .json();
        assertThat(rest.path("data").findValuesAsText("alertId")).containsExactly("s2");
    }

    @Test
    void unified_alerts_are_listed_read_and_noted() {
        console.addAlert(JsonNodeFactory.instance.objectNode().put("id", "u1").put("status", "NEW"));
        console.addAlert(JsonNodeFactory.instance.objectNode().put("id", "u2").put("status", "NEW"));
        String list = "query($first: Int) { alerts(first: $first) { edges { node { id } } pageInfo { endCursor } } }";
        JsonNode page = graphql(list, "{\"first\":1}");
        assertThat(page.at("/data/alerts/edges/0/node/id").asText()).isEqualTo("u1");
        assertThat(page.at("/data/alerts/pageInfo/hasNextPage").asBoolean()).isTrue();
        assertThat(graphql(list, "{\"filters\":[{\"fieldId\":\"status\",\"stringIn\":{\"values\":[\"OLD\"]}}]}")
                        .at("/data/alerts/totalCount")
                        .asInt())
                .isZero();
        assertThat(graphql("{ alert(id: \\\"u2\\\") { id status } }", "{}")
                        .at("/data/alert/status")
                        .asText())
                .isEqualTo("NEW");
        graphql(
                "mutation($alertId: ID!, $text: String!) { addAlertNote(alertId: $alertId, text: $text) { data { id } } }",
                "{\"alertId\":\"u2\",\"text\":\"see the case\"}");
        assertThat(console.alertNotes("u2")).containsExactly("see the case");
        console.assertNoContainmentCalls();
    }

    private JsonNode graphql(String query, String variables) {
        Client.Answer answer =
                client.post("/unifiedalerts/graphql", "{\"query\":\"" + query + "\",\"variables\":" + variables + "}");
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        return answer.json();
    }

    private static String id(int number) {
        return "180000000000000000" + number;
    }

    private static ObjectNode threat(int number) {
        ObjectNode threat = JsonNodeFactory.instance.objectNode().put("id", id(number));
        threat.putObject("threatInfo")
                .put("threatId", id(number))
                .put("incidentStatus", "unresolved")
                .put("createdAt", "2026-03-22T0" + number + ":00:00.000000Z")
                .put("updatedAt", "2026-03-22T0" + number + ":00:00.000000Z");
        return threat;
    }
}
