package io.varve.artefact.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.CollectingSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.MemoryFile;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Where the years of syslog lines come from when the lines state none.
class SyslogYearsTest {
    private static final String LATER = "2030-01-01T00:00:00Z";

    @Test
    void theFileWasLastWrittenWithItsLastLine() throws IOException {
        assertThat(years(written("2024-03-05T00:00:00Z"), "Dec 30", "Jan  2", "Mar  5"))
                .containsExactly(2023, 2024, 2024);
    }

    @Test
    void aLineLaterInTheYearThanTheFileIsOfTheYearBefore() throws IOException {
        assertThat(years(written("2024-03-05T00:00:00Z"), "Apr  1", "May  2")).containsExactly(2023, 2023);
    }

    @Test
    void noLineIsLaterThanTheCollection() throws IOException {
        assertThat(years(
                        new Given(Optional.of(LATER), Optional.of("2024-03-05T00:00:00Z"), OptionalInt.empty()),
                        "Feb  1"))
                .containsExactly(2024);
    }

    @Test
    void aGivenYearIsThatOfTheFirstLine() throws IOException {
        assertThat(years(year(2012), "Jan 22", "Feb 29", "Dec 18", "Mar 23")).containsExactly(2012, 2012, 2012, 2013);
    }

    @Test
    void aGivenYearIsThatOfTheLastLineWhenTheEvidenceIsNotNewer() throws IOException {
        var given = new Given(Optional.of("2024-01-03T00:00:00Z"), Optional.empty(), OptionalInt.of(2024));
        assertThat(years(given, "Dec 30", "Jan  2")).containsExactly(2023, 2024);
    }

    @Test
    void theTwentyNinthOfFebruaryIsInALeapYear() throws IOException {
        assertThat(years(written("2023-06-01T00:00:00Z"), "Feb 29", "Mar  1")).containsExactly(2020, 2020);
    }

    @Test
    void linesOutOfOrderAroundNewYearKeepTheirYears() throws IOException {
        assertThat(years(written("2024-01-03T00:00:00Z"), "Dec 31", "Jan  1", "Dec 31", "Jan  1"))
                .containsExactly(2023, 2024, 2023, 2024);
    }

    @Test
    void withoutAnyHintTheLineStaysUndatedAndKeepsItsText() throws IOException {
        CollectingSink sink = run(new Given(Optional.empty(), Optional.empty(), OptionalInt.empty()), "Feb  1");
        EventTime time = sink.events().getFirst().time().orElseThrow();
        assertThat(time.isDated()).isFalse();
        assertThat(time.original()).contains("Feb  1 10:00:00");
    }

    /// What is known besides the lines.
    private record Given(Optional<String> modified, Optional<String> collected, OptionalInt year) {}

    private static Given written(String time) {
        return new Given(Optional.of(time), Optional.empty(), OptionalInt.empty());
    }

    private static Given year(int year) {
        return new Given(Optional.empty(), Optional.empty(), OptionalInt.of(year));
    }

    private static List<Integer> years(Given given, String... days) throws IOException {
        return run(given, days).events().stream()
                .map(event -> event.time().orElseThrow())
                .peek(time -> assertThat(time.inferred()).isTrue())
                .map(time ->
                        time.instant().orElseThrow().atOffset(ZoneOffset.UTC).getYear())
                .toList();
    }

    private static CollectingSink run(Given given, String... days) throws IOException {
        String lines = Arrays.stream(days)
                .map(day -> day + " 10:00:00 web07 app: text\n")
                .collect(Collectors.joining());
        var file = new MemoryFile(
                "/var/log/syslog",
                lines.getBytes(StandardCharsets.UTF_8),
                given.modified().map(time -> EventTime.utc(Instant.parse(time), Precision.SECOND)),
                Map.of());
        var context = new EvidenceContext(
                Optional.empty(),
                Optional.empty(),
                ZoneOffset.UTC,
                ZoneSource.ASSUMED,
                Map.of(),
                given.year(),
                given.collected().map(Instant::parse));
        return CollectingSink.run(new Syslog(), file, context);
    }
}
