package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The parsers of cloud logs over the real files of the corpus, against what independent tools state.
@Tag("corpus")
class CloudCorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern READ = Pattern.compile(
            "cloud/(?:cloudtrail/.*|vpcflow/.*\\.log|azure/(?:azure_activity_log|panther_azure)\\.jsonl|gcp/.*)");

    /// Records of rule tests: how many leave out what every real record has, or have its names in lower case.
    private static final Map<String, Long> RULE_TESTS = Map.of(
            "cloud/cloudtrail/panther_cloudtrail.jsonl", 26L,
            "cloud/azure/panther_azure.jsonl", 5L,
            "cloud/gcp/panther_gcp.jsonl", 10L);

    /// Logs of other kinds, most of them JSON too.
    private static final Pattern OTHERS = Pattern.compile(
            "cloud/(?:elb|k8s|o365|s3access)/.*|cloud/azure/(?:AAD|azure_application).*|cloud/vpcflow/panther.*");

    private static final Pattern PAIR = Pattern.compile("\"([a-z_]+)\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final List<String> SAME_TEXT = List.of(
            "access_key",
            "event_name",
            "event_source",
            "source_ip",
            "user_identity_arn",
            "username",
            "caller",
            "client_ip",
            "correlation_identifier",
            "event_data_identifier",
            "level",
            "operation_identifier",
            "operation_name",
            "resource_group",
            "resource_identifier",
            "resource_provider",
            "resource_type",
            "caller_ip",
            "event_subtype",
            "log_name",
            "method_name",
            "principal_email",
            "principal_subject",
            "request_account_identifier",
            "resource_name",
            "service_name",
            "severity",
            "user_agent");

    @TestFactory
    Stream<DynamicTest> realFilesSayWhatIsKnownOfThem() throws IOException {
        Corpus.assumePresent();
        Map<String, List<Corpus.Fact>> facts = Corpus.facts().stream()
                .filter(fact -> READ.matcher(fact.path()).matches())
                .collect(Collectors.groupingBy(Corpus.Fact::path, TreeMap::new, Collectors.toList()));
        assertThat(facts).hasSizeGreaterThan(60);
        return facts.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
    }

    @Test
    void logsOfOtherKindsAreNotClaimed() throws IOException {
        Corpus.assumePresent();
        for (String path : Corpus.files("cloud")) {
            if (OTHERS.matcher(path).matches()) {
                Optional<ArtefactParser> parser = Fixture.claiming(Corpus.file(path, "/" + path));
                assertThat(parser.map(ArtefactParser::name)).as(path).isEmpty();
            }
        }
    }

    private static void check(String path, List<Corpus.Fact> facts) throws IOException {
        CollectingSink sink = read(path);
        assertThat(sink.corrupt()).isEmpty();
        assertThat(sink.rejected()).as(sink.ledger()).isEqualTo(RULE_TESTS.getOrDefault(path, 0L));
        for (Corpus.Fact fact : facts) {
            count(fact, sink);
            if (!RULE_TESTS.containsKey(path)) {
                judge(fact, sink);
            }
        }
    }

    private static CollectingSink read(String path) throws IOException {
        MemoryFile file = Corpus.file(path, "/" + path);
        Optional<ArtefactParser> parser = Fixture.claiming(file);
        assertThat(parser).as("parser of %s", path).isPresent();
        return CollectingSink.run(parser.get(), file, Fixture.blankContext());
    }

    private static void count(Corpus.Fact fact, CollectingSink sink) throws IOException {
        long found = sink.parsed() + sink.rejected();
        if (fact.kind().equals("json.records") || fact.kind().equals("plaso.event_data")) {
            assertThat(found).as(sink.ledger()).isEqualTo(Long.parseLong(fact.value()));
        }
        if (fact.kind().equals("text.nonblank_lines")) {
            assertThat(found + headers(fact.path())).as(sink.ledger()).isEqualTo(Long.parseLong(fact.value()));
        }
    }

    private static void judge(Corpus.Fact fact, CollectingSink sink) throws IOException {
        switch (fact.kind()) {
            case "cloudtrail.eventNames(top8)" -> eventNames(JSON.readTree(fact.value()), sink);
            case "cloudtrail.first_last_eventTime" -> {
                List<String> times = sink.events().stream()
                        .map(CloudCorpusTest::time)
                        .sorted()
                        .toList();
                assertThat(times.getFirst() + " " + times.getLast()).isEqualTo(fact.value());
            }
            case "cloudtrail.records_with_errorCode" ->
                assertThat(sink.events().stream().filter(event -> event.fields().containsKey("error.code")))
                        .hasSize(Integer.parseInt(fact.value()));
            default -> {
                if (fact.kind().startsWith("plaso.event_data[")) {
                    plaso(fact.value(), sink);
                }
            }
        }
    }

    private static long headers(String path) throws IOException {
        return Corpus.lines(path).stream()
                .filter(line -> line.startsWith("version "))
                .count();
    }

    private static void eventNames(JsonNode counts, CollectingSink sink) {
        for (JsonNode count : counts) {
            assertThat(sink.events().stream()
                            .filter(event ->
                                    count.get(0).asText().equals(event.fields().get("event.action"))))
                    .as(count.toString())
                    .hasSize(count.get(1).asInt());
        }
    }

    /// The facts are cut in the table, so pairs are looked for and not parsed.
    private static void plaso(String value, CollectingSink sink) {
        String all = sink.events().stream()
                .map(event -> event.fields().values().toString())
                .collect(Collectors.joining(" "));
        Matcher pair = PAIR.matcher(value);
        int compared = 0;
        while (pair.find()) {
            if (pair.group(1).equals("recorded_time")) {
                Instant recorded = OffsetDateTime.parse(pair.group(2)).toInstant();
                assertThat(sink.events().stream().flatMap(event -> event.time().flatMap(EventTime::instant).stream()))
                        .as("an event at %s", recorded)
                        .anyMatch(time -> time.getEpochSecond() == recorded.getEpochSecond()
                                && time.getNano() / 1_000 == recorded.getNano() / 1_000);
                compared++;
            }
            if (SAME_TEXT.contains(pair.group(1))) {
                assertThat(all).contains(pair.group(2));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(5);
    }

    private static String time(TimelineEvent event) {
        return event.time().flatMap(EventTime::instant).map(Instant::toString).orElse("");
    }
}
