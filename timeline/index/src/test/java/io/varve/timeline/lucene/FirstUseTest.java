package io.varve.timeline.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first two uses of Lucene in a process may come at the same time, one that writes (and begins with its
/// merge scheduler) and one that searches several indexes (and begins with `IndexWriter`'s constants). Without a store
/// that goes first, their class initialisers wait for each other for ever.
class FirstUseTest {
    private static final int PROCESSES = 5;

    @Test
    void the_first_write_and_the_first_search_of_a_process_may_meet(@TempDir Path folder) throws Exception {
        for (int process = 0; process < PROCESSES; process++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Both.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                assertThat(child.waitFor(20, TimeUnit.SECONDS))
                        .as("process %d ended", process)
                        .isTrue();
                assertThat(child.exitValue()).isZero();
            } finally {
                child.destroyForcibly();
            }
        }
    }

    /// A process in which the two meet.
    static final class Both {
        private Both() {}

        public static void main(String[] folder) throws InterruptedException, IOException {
            var together = new CountDownLatch(2);
            new LuceneTimelineStore(Path.of(folder[0])).close();
            Thread writing = Thread.ofPlatform().start(() -> {
                meet(together);
                initialise("org.apache.lucene.index.ConcurrentMergeScheduler");
            });
            Thread searching = Thread.ofPlatform().start(() -> {
                meet(together);
                initialise("org.apache.lucene.index.IndexWriter");
            });
            writing.join();
            searching.join();
        }

        private static void initialise(String name) {
            try {
                Class.forName(name);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void meet(CountDownLatch together) {
            together.countDown();
            try {
                together.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
