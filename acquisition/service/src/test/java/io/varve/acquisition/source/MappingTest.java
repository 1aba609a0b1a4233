package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
class MappingTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aMappingSurvivesJson() throws Exception {
        Mapping mapping = OwnSamples.mapping();

        assertThat(JSON.readValue(JSON.writeValueAsString(mapping), Mapping.class))
                .isEqualTo(mapping);
        assertThat(JSON.readValue("{}", Mapping.class)).isEqualTo(Mapping.NONE);
    }

    @Test
    void whatIsWrongIsNamed() {
        var wrong = new Mapping(
                "a[",
                Map.of("titel", "a", "title", "a..b", "host.planet", "x", "id", "", "severity", "s"),
                Map.of("planet", "p[*]"),
                Map.of("colour", "red"),
                Map.of("P1", "101", "P2", "urgent"),
                "dd.QQQQQQQQ}}{{",
                "Moon/Base");

        assertThat(wrong.check())
                .anyMatch(text -> text.contains("events"))
                .anyMatch(text -> text.contains("'titel'"))
                .anyMatch(text -> text.contains("path of title"))
                .anyMatch(text -> text.contains("path of id"))
                .anyMatch(text -> text.contains("'host.planet'"))
                .anyMatch(text -> text.contains("group 'planet'"))
                .anyMatch(text -> text.contains("'colour'"))
                .anyMatch(text -> text.contains("'P1'"))
                .anyMatch(text -> text.contains("'P2'"))
                .anyMatch(text -> text.contains("time format"))
                .anyMatch(text -> text.contains("'Moon/Base'"));
        assertThat(Mapping.NONE.check()).containsExactly("No field is mapped.");
    }

    @Test
    void aWrongMappingStillReads() throws Exception {
        var wrong =
                new Mapping("a[", Map.of("title", "a..b", "severity", "s"), Map.of("host", "["), null, null, "}", "?");

        NormalisedAlert alert = wrong.read(json("{'s':'high'}"), NOON);

        assertThat(alert.title()).isEqualTo("Alert");
        assertThat(alert.severity()).isEqualTo(80);
    }

    @Test
    void pathsChooseMembersElementsAndTheFirstThatIsThere() throws Exception {
        JsonNode node = json("{'a':{'b':[{'c':1},{'c':2}],'d.e':3},'x':null}");

        assertThat(found("a.b[*].c", node)).containsExactly("1", "2");
        assertThat(found("a.b[1].c", node)).containsExactly("2");
        assertThat(found("/a/b/0/c", node)).containsExactly("1");
        assertThat(found("/a/d.e", node)).containsExactly("3");
        assertThat(found("x | nothing | a.b[0].c", node)).containsExactly("1");
        assertThat(found("a[*].b", node)).isEmpty();
        assertThat(JsonPath.parse("a[-1]")).isEmpty();
        assertThat(JsonPath.parse("a[?(@.x==1)]")).isEmpty();
        assertThat(JsonPath.parse("a.".repeat(31) + "b")).isEmpty();
        assertThat(JsonPath.parse("x".repeat(501))).isEmpty();
    }

    @Test
    void manyValuesAreBounded() throws Exception {
        String list = "{'a':[" + "{'a':[1,2,3,4,5,6,7,8,9,10]},".repeat(999) + "{}]}";

        assertThat(found("a[*].a[*]", json(list))).hasSize(200);
    }

    @Test
    void withoutAMappingTheSourceRefuses() throws Exception {
        AlertSource source = AlertSource.named("custom").orElseThrow();

        assertThatThrownBy(() -> source.read(json("{}"), NOON)).hasMessageContaining("no mapping");
    }

    @Test
    void aProductWithoutASourceIsReadByItsMapping() throws Exception {
        var okta = new Mapping(
                null,
                Map.of(
                        "id", "uuid",
                        "title", "displayMessage",
                        "category", "eventType",
                        "severity", "severity",
                        "firstSeen", "published",
                        "user.name", "actor.alternateId",
                        "network.sourceIp", "client.ipAddress | request.ipChain[0].ip"),
                null,
                null,
                Map.of("WARN", "medium"),
                null,
                null);

        NormalisedAlert alert = okta.read(
                json("{'uuid':'u1','displayMessage':'Odd request','eventType':'security.threat','severity':'WARN',"
                        + "'published':'2026-03-04T05:06:07.353Z','request':{'ipChain':[{'ip':'203.0.113.9'}]}}"),
                NOON);

        assertThat(okta.check()).isEmpty();
        assertThat(alert.sourceAlertId()).isEqualTo("u1");
        assertThat(alert.severity()).isEqualTo(50);
        assertThat(alert.firstSeen()).isEqualTo("2026-03-04T05:06:07.353Z");
        assertThat(alert.network().getFirst().sourceIp()).contains("203.0.113.9");
    }

    private static List<String> found(String path, JsonNode node) {
        return JsonPath.parse(path).orElseThrow().in(node).stream()
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
