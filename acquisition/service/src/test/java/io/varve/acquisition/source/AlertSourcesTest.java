package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.SeverityLabel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertSourcesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SHA256 = "AB".repeat(32);

    @Test
    void aGenericAlertIsReadWhole() throws Exception {
        NormalisedAlert alert = generic("""
                {"id":"42","title":"Miner","severity":"high","firstSeen":1763812800,"lastSeen":"2025-11-22T13:00:00.123456789+01:00",
                 "hosts":[{"name":"web01","ip":"10.0.0.5"},"db01"],
                 "users":["root"],
                 "process":{"image":"/tmp/x","command_line":"/tmp/x -o pool","pid":4711,"sha256":"%s"},
                 "network":[{"dstIp":"203.0.113.9","dstPort":443},{"destinationPort":70000}],
                 "techniques":["T1059.004 Unix shell","nonsense"],"url":"javascript:alert(1)"}""".formatted(SHA256));

        assertThat(alert.severity()).isEqualTo(80);
        assertThat(alert.firstSeen()).isEqualTo("2025-11-22T12:00:00Z");
        assertThat(alert.hosts()).hasSize(2);
        assertThat(alert.processes().getFirst().hashes())
                .containsEntry("sha256", SHA256.toLowerCase(java.util.Locale.ROOT));
        assertThat(alert.processes().getFirst().pid()).contains(4711L);
        assertThat(alert.network().getFirst().destinationPort()).contains(443);
        assertThat(alert.network().get(1).destinationPort()).isEmpty();
        assertThat(alert.attack())
                .hasSize(1)
                .first()
                .extracting(a -> a.technique().orElse(""))
                .isEqualTo("T1059.004");
        assertThat(alert.sourceUrl()).isEmpty();
    }

    @Test
    void anEmptyAlertHasItsContentAsIdentity() throws Exception {
        assertThat(generic("{}").sourceAlertId()).isEqualTo(generic("{}").sourceAlertId());
        assertThat(generic("{}").severityLabel()).isEqualTo(SeverityLabel.UNKNOWN);
    }

    @Test
    void hostileTextLosesControlCharactersAndIsCut() throws Exception {
        NormalisedAlert alert = generic("{\"title\":\"a\\u0000b\\u001b[31m\\ud800c%s\"}".formatted("x".repeat(9000)));

        assertThat(alert.title()).startsWith("ab[31m\ufffdc").hasSize(Fields.LONGEST_NAME);
    }

    @Test
    void whatIsTooDeepOrTooLongIsRefused() {
        assertThatThrownBy(() -> generic("[".repeat(5000))).isInstanceOf(UnreadableAlertException.class);
        assertThatThrownBy(() -> generic("{\"a\":".repeat(100) + "1" + "}".repeat(100)))
                .isInstanceOf(UnreadableAlertException.class);
        assertThatThrownBy(() -> generic("{\"a\":\"%s\"}".formatted("x".repeat(2 << 20))))
                .isInstanceOf(UnreadableAlertException.class);
        assertThatThrownBy(() -> AlertBody.read(new byte[AlertBody.LARGEST + 1]))
                .isInstanceOf(UnreadableAlertException.class);
        for (String body : List.of("", "1", "[]", "[1]", "{} {}", "null")) {
            assertThatThrownBy(() -> generic(body)).as(body).isInstanceOf(UnreadableAlertException.class);
        }
    }

    @Test
    void aSyslogHeaderInFrontOfTheJsonIsSkipped() throws Exception {
        NormalisedAlert alert = generic("<165>1 2026-11-22T12:00:00Z host darktrace - - - {\"id\":\"7\"}");

        assertThat(alert.sourceAlertId()).isEqualTo("7");
    }

    @Test
    void darktraceIncidentEventsGiveHostsIndicatorsAndABand() throws Exception {
        NormalisedAlert alert = read("darktrace", """
                {"id":"e1","currentGroup":"g1","title":"Possible C2","summary":"s","category":"critical","aiaScore":50,
                 "mitreTactics":["command-and-control"],"periods":[{"start":1697334679535,"end":1697334713852}],
                 "breachDevices":[{"hostname":"WEB01.corp.local","ip":"10.0.0.5","mac":null,"did":62},
                                  {"hostname":"SaaS::Zoom: jo@example.com","did":3}],
                 "details":[[{"header":"h","contents":[
                    {"key":"Endpoint","type":"externalHost","values":[{"hostname":"evil.example","ip":"203.0.113.9"}]},
                    {"key":"Hash","type":"string","values":["%s"]},
                    {"key":"?","type":"newKind","values":[{"x":1}]}]}]]}""".formatted(SHA256));

        assertThat(alert.severity()).isEqualTo(90);
        assertThat(alert.hosts()).hasSize(1);
        assertThat(alert.hosts().getFirst().fqdn()).contains("web01.corp.local");
        assertThat(alert.hosts().getFirst().ips()).containsExactly("10.0.0.5");
        assertThat(alert.users().getFirst().name()).isEqualTo("jo@example.com");
        assertThat(alert.network().getFirst().destinationIp()).contains("203.0.113.9");
        assertThat(alert.files()).hasSize(1);
        assertThat(alert.firstSeen()).isEqualTo(Instant.ofEpochMilli(1697334679535L));
    }

    @Test
    void darktraceModelBreachesAreReadInBothShapes() throws Exception {
        String device = "\"device\":{\"did\":7,\"hostname\":\"web01\",\"ip\":\"10.0.0.5\",\"macaddress\":\"00:11\"}";
        NormalisedAlert flat = read(
                "darktrace",
                "{\"pbid\":1,\"time\":1687967502000,\"score\":0.83,\"model\":{\"name\":\"A::B\"},%s}"
                        .formatted(device));
        NormalisedAlert both = read(
                "darktrace",
                "{\"pbid\":2,\"model\":{\"then\":{\"name\":\"old\"},\"now\":{\"name\":\"A::B\",\"priority\":4,\"mitre\":{\"techniques\":[\"T1588.001\"]}}},\"device\":{\"did\":-1}}");

        assertThat(flat.severityLabel()).isEqualTo(SeverityLabel.CRITICAL);
        assertThat(flat.hosts().getFirst().hostname()).contains("web01");
        assertThat(both.title()).isEqualTo("A::B");
        assertThat(both.severity()).isEqualTo(80);
        assertThat(both.hosts()).isEmpty();
        assertThat(both.attack().getFirst().technique()).contains("T1588.001");
    }

    @Test
    void unknownSourcesAreUnknown() {
        assertThat(AlertSource.named("nobody")).isEqualTo(Optional.empty());
    }

    private static NormalisedAlert generic(String body) throws UnreadableAlertException {
        return read("generic", body);
    }

    private static NormalisedAlert read(String source, String body) throws UnreadableAlertException {
        JsonNode event = AlertBody.read(body.getBytes(StandardCharsets.UTF_8)).getFirst();
        return AlertSource.named(source).orElseThrow().read(event, NOON);
    }
}
