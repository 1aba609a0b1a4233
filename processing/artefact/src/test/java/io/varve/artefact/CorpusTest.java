package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Every parser over the real files of the corpus, against what independent tools and public test suites state.
@Tag("corpus")
class CorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FOLDERS =
            Pattern.compile("linux/(?:syslog|auth|journal|utmp|shell-history|dpkg|cron|made-web01)/.*");
    /// Not read by any parser yet, or opened by the engine as an archive.
    private static final Pattern OTHERS =
            Pattern.compile(".*(?:popcontest1\\.log|security\\.log|\\.zip|\\.gz|\\.bz2|\\.xz|\\.tgz)");

    private static final Set<String> TEXTS = Set.of("hostname", "reporter", "command", "username", "ip_address");
    /// plaso writes these otherwise than the file has them.
    private static final Pattern NOT_AS_STORED = Pattern.compile("linux:(?:utmp:event|apt_history_log:entry)");

    private static final Pattern TIME =
            Pattern.compile("(\\d{4})-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,](\\d+))?(?:Z|[+-]\\d\\d:?\\d\\d)?");
    /// plaso's tests count one record for each of these lines as we do, except where a rule below says otherwise.
    private static final Set<String> SAME_COUNT = Set.of(
            "linux/syslog/syslog",
            "linux/syslog/syslog_chromeos",
            "linux/syslog/syslog_rsyslog",
            "linux/syslog/syslog_rsyslog_SyslogProtocol23Format",
            "linux/syslog/syslog_rsyslog_traditional",
            "linux/auth/syslog_ssh.log",
            "linux/cron/syslog_cron.log",
            "linux/dpkg/dpkg.log",
            "linux/shell-history/bash_history",
            "linux/shell-history/fish_history",
            "linux/shell-history/zsh_extended_history.txt");

    @TestFactory
    Stream<DynamicTest> realFilesSayWhatIsKnownOfThem() throws IOException {
        Corpus.assumePresent();
        Map<String, List<Corpus.Fact>> facts = Corpus.facts().stream()
                .filter(fact -> FOLDERS.matcher(fact.path()).matches()
                        && !OTHERS.matcher(fact.path()).matches())
                .collect(Collectors.groupingBy(Corpus.Fact::path, TreeMap::new, Collectors.toList()));
        return facts.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
    }

    private static void check(String path, List<Corpus.Fact> facts) throws IOException {
        MemoryFile file = Corpus.file(path, "/" + path.replaceFirst("linux/made-web01/", ""));
        Optional<ArtefactParser> parser = Fixture.claiming(file);
        assertThat(parser).as("parser of %s", path).isPresent();
        CollectingSink sink = CollectingSink.run(parser.get(), file, Fixture.blankContext());
        for (Corpus.Fact fact : facts) {
            judge(fact, sink);
        }
    }

    private static void judge(Corpus.Fact fact, CollectingSink sink) throws IOException {
        String kind = fact.kind();
        if (kind.equals("plaso.event_data") && SAME_COUNT.contains(fact.path())) {
            assertThat(sink.parsed()).as("records as plaso counts them").isEqualTo(Long.parseLong(fact.value()));
        } else if (kind.startsWith("plaso.event_data[")) {
            plaso(fact.value(), sink);
        } else if (kind.startsWith("journal.entries(") || kind.equals("utmp.records")) {
            if (!fact.path().contains("s390")) {
                assertThat(sink.parsed()).as(kind).isGreaterThanOrEqualTo(Long.parseLong(fact.value()));
            }
        } else if (kind.equals("journal.first") || kind.equals("journal.last")) {
            assertEventAt(fact.value(), sink);
        } else if (kind.equals("scenario.ssh_failures")) {
            assertThat(sink.events())
                    .filteredOn(event -> event.dataType().equals("linux:ssh:failed_login"))
                    .hasSize(Integer.parseInt(fact.value()));
        }
    }

    private static void plaso(String value, CollectingSink sink) throws IOException {
        JsonNode data = parsed(value);
        String all = sink.events().stream().map(CorpusTest::words).collect(Collectors.joining(" "));
        for (Map.Entry<String, JsonNode> field : data.properties()) {
            if (field.getKey().endsWith("_time")) {
                assertEventAt(field.getValue().asText(), sink);
            }
            if (TEXTS.contains(field.getKey())
                    && !NOT_AS_STORED.matcher(data.path("data_type").asText()).matches()) {
                String text = field.getValue().asText();
                assertThat(all.contains(oneSpace(text)))
                        .as("an event says %s", text)
                        .isTrue();
            }
        }
    }

    /// Some facts are cut in the table; those say nothing.
    private static JsonNode parsed(String value) throws IOException {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private static String words(TimelineEvent event) {
        return oneSpace(
                event.message() + " " + event.host() + " " + event.fields().values());
    }

    /// plaso shows a command of several lines as one.
    private static String oneSpace(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /// Years 0000 and 0001 are plaso's way to say that no line states a year.
    private static void assertEventAt(String text, CollectingSink sink) {
        Matcher time = TIME.matcher(text);
        if (!time.find() || time.group(1).startsWith("000")) {
            return;
        }
        int digits = Math.min(
                6, Optional.ofNullable(time.group(2)).map(String::length).orElse(0));
        String expected =
                EventTime.utc(instant(time.group()), Precision.NANOSECOND).iso();
        String prefix = expected.substring(0, digits == 0 ? 19 : 20 + digits);
        assertThat(sink.events().stream().flatMap(event -> event.time().stream()))
                .as("an event at %s", prefix)
                .anyMatch(when -> when.iso().startsWith(prefix));
    }

    private static Instant instant(String text) {
        String iso = text.replace(' ', 'T').replace(',', '.');
        boolean zoned = iso.matches(".*(?:Z|[+-]\\d\\d:\\d\\d)");
        return OffsetDateTime.parse(zoned ? iso : iso + "Z", DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                .toInstant();
    }
}
