package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
class AlertBodyTest {
    private static final AlertSource SCC = AlertSource.named("scc").orElseThrow();

    @Test
    void oneObjectALineIsAsManyAlerts() throws Exception {
        assertThat(AlertBody.read(bytes("{\"id\":1}\n\n{\"id\":2}\r\n"))).hasSize(2);
        assertThat(AlertBody.read(bytes("{\n\"id\":1\n}\n"))).hasSize(1);
        assertThatThrownBy(() -> AlertBody.read(bytes("{\"id\":1}\nnonsense")))
                .isInstanceOf(UnreadableAlertException.class);
        assertThatThrownBy(() -> AlertBody.read(bytes("{}\n".repeat(1001)))).hasMessageContaining("more than 1000");
    }

    @Test
    void moreAlertsThanABodyMayHaveAreRefusedNotLeftOut() {
        String page = "{\"resources\":[" + "{\"composite_id\":\"a\"},".repeat(1000) + "{\"composite_id\":\"b\"}]}";
        var many = new Mapped(new Mapping("a[*]", Map.of("id", "id"), null, null, null, null, null));

        assertThatThrownBy(() -> AlertBody.read(
                        bytes(page), AlertSource.named("crowdstrike").orElseThrow()))
                .hasMessageContaining("more than 1000");
        assertThatThrownBy(() -> AlertBody.read(bytes("{\"a\":[" + "{},".repeat(1000) + "{}]}"), many))
                .hasMessageContaining("more than 1000");
    }

    @Test
    void aPushedMessageWithoutAFindingIsRefusedAlone() throws Exception {
        List<JsonNode> events = AlertBody.read(
                bytes(
                        "{\"receivedMessages\":[{\"message\":{\"data\":\"%%%\"}},{\"message\":{\"data\":\"eyJmaW5kaW5nIjp7Im5hbWUiOiJuIn19\"}}]}"),
                SCC);

        assertThatThrownBy(() -> SCC.read(events.getFirst(), Instant.EPOCH)).hasMessageContaining("Pub/Sub");
        assertThat(SCC.read(events.get(1), Instant.EPOCH).sourceAlertId()).isEqualTo("n");
    }

    @Test
    void aFurtherAlertOfABodyIsReadAgainByItself() throws Exception {
        for (OwnSamples.Sample sample : OwnSamples.all()) {
            for (JsonNode event : sample.events()) {
                assertThat(AlertBody.read(AlertBody.write(event), sample.source()))
                        .as(sample.toString())
                        .containsExactly(event);
            }
        }
    }

    @Test
    void onlyWhatIsSurelyOlderDoesNotReplace() {
        assertThat(Revisions.isOlder("2026-03-04T05:06:07Z", "2026-03-04T05:06:08Z #2"))
                .isTrue();
        assertThat(Revisions.isOlder("0123456789abcdef", "2026-03-04T05:06:08Z"))
                .isTrue();
        assertThat(Revisions.isOlder("2026-03-04T05:06:08Z", "0123456789abcdef"))
                .isFalse();
        assertThat(Revisions.isOlder("2026-03-04T05:06:08Z b", "2026-03-04T05:06:08Z a"))
                .isFalse();
        assertThat(Revisions.isOlder("1", "2")).isFalse();
    }

    @Test
    void timesAreReadAsSourcesWriteThem() {
        assertThat(AlertTimes.read("133355377959700000")).contains(Instant.parse("2023-08-03T12:03:15.970Z"));
        assertThat(AlertTimes.read("1772600767123456789")).contains(Instant.parse("2026-03-04T05:06:07.123456789Z"));
        assertThat(AlertTimes.read("1772600767123456")).contains(Instant.parse("2026-03-04T05:06:07.123456Z"));
        assertThat(AlertTimes.read("1772600767.5")).contains(Instant.parse("2026-03-04T05:06:07.500Z"));
        assertThat(AlertTimes.read("3/4/2026 5:06:07 AM")).contains(Instant.parse("2026-03-04T05:06:07Z"));
        assertThat(AlertTimes.read("2026-03-04 05:06:07.1234567"))
                .contains(Instant.parse("2026-03-04T05:06:07.123456700Z"));
        assertThat(AlertTimes.read("2026-03-04T05:06:07+0100")).contains(Instant.parse("2026-03-04T04:06:07Z"));
        assertThat(AlertTimes.read("1970-01-01T00:00:00Z")).isEmpty();
        assertThat(AlertTimes.read("9999999999999999999")).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
