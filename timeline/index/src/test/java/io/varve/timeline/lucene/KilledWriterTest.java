package io.varve.timeline.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.timeline.Checkpoint;
import io.varve.timeline.IndexName;
import io.varve.timeline.TestEvents;
import io.varve.timeline.TimelineWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A worker that dies keeps exactly what it committed.
@Tag("kill")
class KilledWriterTest {
    private static final IndexName INDEX = new IndexName("main", "ev-killed", "1");

    /// What the process does that is killed: commits after every 100 events, and says so.
    public static final class Worker {
        private Worker() {}

        public static void main(String[] folder) throws IOException {
            var events = new TestEvents("ev-killed");
            try (var store = new LuceneTimelineStore(Path.of(folder[0]));
                    TimelineWriter writer = store.open(INDEX)) {
                for (int i = 1; i < 10_000_000; i++) {
                    writer.add(events.event("2026-11-22T10:00:00Z", "a:b:c", "/log", "r" + i, "event " + i));
                    if (i % 100 == 0) {
                        System.out.println(writer.commit(Integer.toString(i)).position());
                    }
                }
            }
        }
    }

    @Test
    void afterAKillTheIndexStandsAtACommitAndGoesOn(@TempDir Path folder) throws Exception {
        long said = killAfter(folder, 500);

        try (var store = new LuceneTimelineStore(folder);
                TimelineWriter writer = store.open(INDEX)) {
            Optional<Checkpoint> checkpoint = writer.checkpoint();
            assertThat(checkpoint).isPresent();
            assertThat(checkpoint.get().events()).isGreaterThanOrEqualTo(said);
            assertThat(checkpoint.get().position())
                    .isEqualTo(Long.toString(checkpoint.get().events()));
        }
    }

    private static long killAfter(Path folder, long events) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader committed = process.inputReader()) {
            long last = 0;
            while (last < events) {
                String line = committed.readLine();
                assertThat(line).as("the worker ended by itself").isNotNull();
                last = Long.parseLong(line);
            }
            process.destroyForcibly();
            return last;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
