package io.varve.timeline.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.varve.event.EventJson;
import io.varve.timeline.EventFilter;
import io.varve.timeline.IndexName;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TestEvents;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast events are written and found, with a commit every 50,000 events; results are logged and belong into
/// `docs/benchmarks.md`. Run with `-Dgroups=slow -DexcludedGroups=none -Dtest=TimelineBenchmark`.
@Tag("slow")
class TimelineBenchmark {
    private static final Logger LOG = Logger.getLogger(TimelineBenchmark.class.getName());
    private static final int EVENTS = Integer.getInteger("varve.benchmark.events", 1_000_000);
    private static final int PER_COMMIT = 50_000;
    private static final int DIFFERENT_LINES = 100_000;

    @Test
    void writesAndFindsAMillionEvents(@TempDir Path folder) throws IOException {
        try (var store = new LuceneTimelineStore(folder)) {
            Scope.Part first = write(store, "ev-a", 1);
            Scope.Part second = write(store, "ev-b", 2);
            long size;
            try (Stream<Path> files = Files.walk(folder)) {
                size = files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
            LOG.info("size of both indexes: %d MB".formatted(size >> 20));
            Scope one = Scope.of(first);
            search(store, one, "");
            search(store, one, "\"accepted password\"");
            search(store, one, "*mimikatz*");
            search(store, one, "file.path:*mimikatz*");
            search(store, one, "process.pid:[100 TO 200]");
            time("facets and histogram of all", () -> {
                store.facets(one, EventFilter.ALL, List.of("host", "user", "data_type", "parser"), 10);
                store.histogram(one, EventFilter.ALL, 60);
            });
            Scope both = Scope.of(first, second);
            time(
                    "first look at two copies",
                    () -> assertThat(total(store, both, "")).isEqualTo(EVENTS));
            search(store, both, "");
        }
    }

    private static Scope.Part write(LuceneTimelineStore store, String evidence, int rank) throws IOException {
        var index = new IndexName("main", evidence, "1");
        List<String> lines = lines(evidence);
        long start = System.nanoTime();
        long processorStart = processorTime();
        try (TimelineWriter writer = store.open(index)) {
            for (int i = 0; i < EVENTS; i++) {
                writer.add(numbered(lines.get(i % lines.size()), i));
                if (i % PER_COMMIT == PER_COMMIT - 1) {
                    writer.commit(Integer.toString(i));
                }
            }
            writer.commit("end");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double processor = (processorTime() - processorStart) / 1e3 / EVENTS;
        LOG.info("write: %,.0f events/s, %.1f µs of processor time an event".formatted(EVENTS / seconds, processor));
        return new Scope.Part(index, "web01", rank);
    }

    private static long processorTime() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /// A line with the id and record key of its number, so that making them costs nothing of note.
    private static String numbered(String line, int number) {
        String key = "%032x".formatted(number * 0x9E3779B97F4A7C15L);
        return "{\"id\":\"" + line.substring(7, 15) + key.substring(8) + "\",\"record\":\"" + key + "\""
                + line.substring(line.indexOf(",\"timestamp\""));
    }

    private static List<String> lines(String evidence) {
        var random = new Random(7);
        var events = new TestEvents(evidence);
        var lines = new ArrayList<String>();
        for (int i = 0; i < DIFFERENT_LINES; i++) {
            String time = "2026-11-%02dT%02d:%02d:%02d.%06dZ"
                    .formatted(
                            1 + random.nextInt(28),
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(1_000_000));
            String user = "user" + random.nextInt(50);
            String address = "10.%d.%d.%d".formatted(random.nextInt(4), random.nextInt(256), random.nextInt(256));
            long pid = 1 + random.nextInt(30_000);
            String path = "/srv/data/%x/file-%x.dat".formatted(random.nextInt(5_000), random.nextInt());
            if (i == 4_711) {
                path = "/var/tmp/.x/mimikatz.exe";
            }
            lines.add(EventJson.write(
                    i % 3 == 0
                            ? events.event(
                                    time,
                                    "linux:ssh:login",
                                    "/var/log/auth.log",
                                    "r" + i,
                                    "sshd[%d]: Accepted password for %s from %s port %d ssh2"
                                            .formatted(pid, user, address, random.nextInt(60_000)),
                                    "user.name",
                                    user,
                                    "source.ip",
                                    address,
                                    "process.pid",
                                    pid,
                                    "process.name",
                                    "sshd",
                                    "event.outcome",
                                    "success")
                            : events.event(
                                    time,
                                    "linux:file:stat",
                                    "/varve/files.jsonl",
                                    "r" + i,
                                    path + " was changed",
                                    "file.path",
                                    path,
                                    "file.size",
                                    (long) random.nextInt(1_000_000),
                                    "file.inode",
                                    (long) i,
                                    "file.mode",
                                    "0644",
                                    "file.hash.sha256",
                                    "%064x".formatted(random.nextLong() >>> 1))));
        }
        return lines;
    }

    private static void search(LuceneTimelineStore store, Scope scope, String query) throws IOException {
        total(store, scope, query);
        time("search, newest 50: " + (query.isEmpty() ? "all" : query), () -> total(store, scope, query));
    }

    private static long total(LuceneTimelineStore store, Scope scope, String query) throws IOException {
        return store.search(scope, Search.first(EventFilter.text(query), Search.Order.NEWEST_FIRST, 50))
                .total();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void time(String what, Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        LOG.info("%s: %.1f ms".formatted(what, (System.nanoTime() - start) / 1e6));
    }
}
