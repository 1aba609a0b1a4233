package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private final JsonText json = new JsonText(8);

    private JsonNode read() throws Exception {
        byte[] bytes = json.toBytes();
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) '\n');
        return new JsonMapper().readTree(bytes);
    }

    @Test
    void any_character_is_read_back_as_it_was() throws Exception {
        var all = new StringBuilder();
        for (int point = 0; point < 0x3000; point++) {
            all.appendCodePoint(point);
        }
        all.appendCodePoint(0xffff)
                .appendCodePoint(0x1f600)
                .appendCodePoint(0x10ffff)
                .append("\"\\/end");
        json.begin();
        json.text("path", all.toString());
        json.text("plain", "/etc/hostname");
        json.end();
        JsonNode read = read();
        assertThat(read.path("path").asText()).isEqualTo(all.toString());
        assertThat(read.path("plain").asText()).isEqualTo("/etc/hostname");
    }

    @Test
    void half_a_surrogate_pair_is_escaped() throws Exception {
        json.begin();
        json.text("low", "a\udc00b");
        json.text("high", "a\ud83d");
        json.end();
        assertThat(new String(json.toBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"low\":\"a\\udc00b\",\"high\":\"a\\ud83d\"}\n");
    }

    @Test
    void numbers_flags_and_times_are_what_they_are() throws Exception {
        json.begin();
        json.number("zero", 0);
        json.number("most", Long.MAX_VALUE);
        json.number("least", Long.MIN_VALUE);
        json.number("ten", 10);
        json.flag("yes", true);
        json.time("first", EventTime.utc(1, 2, Precision.NANOSECOND));
        json.time("same", EventTime.utc(1, 2, Precision.NANOSECOND));
        json.time("other", EventTime.utc(1, 3, Precision.NANOSECOND));
        json.end();
        JsonNode read = read();
        assertThat(read.path("zero").asLong()).isZero();
        assertThat(read.path("most").asLong()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.path("least").asLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(read.path("ten").asLong()).isEqualTo(10);
        assertThat(read.path("yes").asBoolean()).isTrue();
        assertThat(read.path("first").asText()).isEqualTo("1970-01-01T00:00:01.000000002Z");
        assertThat(read.path("same").asText()).isEqualTo("1970-01-01T00:00:01.000000002Z");
        assertThat(read.path("other").asText()).isEqualTo("1970-01-01T00:00:01.000000003Z");
    }
}
