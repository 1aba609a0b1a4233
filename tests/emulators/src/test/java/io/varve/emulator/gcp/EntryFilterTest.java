package io.varve.emulator.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryFilterTest {
    private static final JsonNode ENTRY = entry();

    private static JsonNode entry() {
        try {
            return new JsonMapper().readTree("""
                {"timestamp": "2026-11-27T02:00:00.5Z", "logName": "projects/p/logs/a%2Fb",
                 "severity": "NOTICE",
                 "labels": {"compute.googleapis.com/resource_name": "web \\"1\\" \\\\"},
                 "resource": {"labels": {"instance_id": "42"}}}\
                """);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "severity=notice",
                "severity:\"OTI\"",
                "severity!=\"ERROR\" AND other!=\"x\"",
                "timestamp>=\"2026-11-27T02:00:00.500Z\" AND timestamp<\"2026-11-27T02:00:00.500000001Z\"",
                "NOT jsonPayload.src_instance.vm_name:*",
                "resource.labels.instance_id:*",
                "labels.\"compute.googleapis.com/resource_name\"=\"web \\\"1\\\" \\\\\"",
                "logName=\"projects/p/logs/a%2Fb\"",
                // OR binds first: (true OR true) AND true
                "severity=notice OR severity=error AND resource.labels.instance_id=\"42\"",
                "(severity=error AND severity=notice) OR resource.labels.instance_id=\"42\"",
                "severity=\"NOTICE\" resource.labels.instance_id=\"42\"",
            })
    void chooses_the_entry(String filter) throws Exception {
        assertThat(EntryFilter.of(filter).test(ENTRY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "severity=\"NOTIC\"",
                "timestamp<\"2026-11-27T02:00:00.5Z\"",
                "resource.labels.instance_id=\"4\"",
                "resource.labels.zone:\"\"",
                "NOT severity=notice OR severity=error",
                // OR binds first: (true OR true) AND false
                "severity=notice OR severity=notice AND severity=error",
            })
    void leaves_the_entry_out(String filter) throws Exception {
        assertThat(EntryFilter.of(filter).test(ENTRY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "severity",
                "severity=",
                "severity=\"open",
                "severity=~\"NOT.*\"",
                "log_id(\"a\")",
                "(severity=notice",
                "severity=notice)",
                "severity=notice OR",
                "NOT",
                "=\"x\"",
                "severity=(notice OR error)",
                "severity=\"\\q\"",
                "severity='notice'",
            })
    void what_it_does_not_know_is_refused(String filter) {
        assertThatThrownBy(() -> EntryFilter.of(filter))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("Unparseable filter");
    }

    @Test
    void depth_is_bounded() {
        assertThatThrownBy(() -> EntryFilter.of("(".repeat(1000))).hasMessageContaining("too deep");
    }
}
