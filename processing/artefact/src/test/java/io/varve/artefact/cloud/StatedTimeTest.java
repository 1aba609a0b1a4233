package io.varve.artefact.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatedTimeTest {
    @Test
    void the_precision_is_that_of_the_digits_given() {
        assertTime("2026-11-27T07:00:00Z", "2026-11-27T07:00:00.000000000Z", Precision.SECOND);
        assertTime("2026-11-27T07:00:00.5Z", "2026-11-27T07:00:00.500000000Z", Precision.MILLISECOND);
        assertTime("2026-11-27T07:00:00.297853Z", "2026-11-27T07:00:00.297853000Z", Precision.MICROSECOND);
        assertTime("2026-11-27T07:00:00.1234567Z", "2026-11-27T07:00:00.123456700Z", Precision.HUNDRED_NANOSECONDS);
        assertTime("2026-11-27 07:00:00.123456789", "2026-11-27T07:00:00.123456789Z", Precision.NANOSECOND);
    }

    @Test
    void an_offset_is_honoured_and_said() {
        EventTime time = StatedTime.parse("2022-02-08 09:23:37+11:00").orElseThrow();
        assertThat(time.iso()).isEqualTo("2022-02-07T22:23:37.000000000Z");
        assertThat(time.zoneSource()).isEqualTo(ZoneSource.EXPLICIT);
        assertThat(time.original()).contains("2022-02-08 09:23:37+11:00");
        assertThat(StatedTime.parse("2026-11-27T07:00:00Z").orElseThrow().zoneSource())
                .isEqualTo(ZoneSource.UTC);
    }

    @Test
    void seconds_since_1970_are_times_too() {
        assertTime("1795762801", "2026-11-27T07:00:01.000000000Z", Precision.SECOND);
        assertTime("1795762801.25", "2026-11-27T07:00:01.250000000Z", Precision.MILLISECOND);
    }

    @Test
    void what_is_no_time_is_none() {
        for (String text : List.of(
                "",
                "yesterday",
                "2026-13-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-11-27T25:00:00Z",
                "2026-11-27T07:00:00+99:00",
                "9".repeat(40))) {
            assertThat(StatedTime.parse(text)).as(text).isEmpty();
        }
    }

    private static void assertTime(String text, String iso, Precision precision) {
        EventTime time = StatedTime.parse(text).orElseThrow();
        assertThat(time.iso()).isEqualTo(iso);
        assertThat(time.precision()).isEqualTo(precision);
    }
}
