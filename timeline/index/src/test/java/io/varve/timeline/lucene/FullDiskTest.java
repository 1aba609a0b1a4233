package io.varve.timeline.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.varve.timeline.Checkpoint;
import io.varve.timeline.EventFilter;
import io.varve.timeline.IndexName;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TestEvents;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    private static final IndexName INDEX = new IndexName("main", "ev-full", "1");
    private final TestEvents events = new TestEvents("ev-full");

    /// A disk that takes no new file once it is full.
    private static final class Disk extends FilterDirectory {
        private boolean full;

        Disk(Directory directory) {
            super(directory);
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            return super.createOutput(name, context);
        }
    }

    private void add(TimelineWriter writer, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            writer.add(events.event("2026-11-22T10:00:00Z", "a:b:c", "/log", "r" + i, "event " + i));
        }
    }

    @Test
    void aFullDiskIsSaidAndTheIndexStandsAtTheLastCommit(@TempDir Path folder) throws IOException {
        var disk = new Disk(FSDirectory.open(folder.resolve("main/ev-full/1")));
        try (var writer = new LuceneWriter(INDEX, disk, LuceneSettings.DEFAULT)) {
            add(writer, 0, 500);
            writer.commit("500");
            disk.full = true;
            assertThatIOException()
                    .isThrownBy(() -> {
                        add(writer, 500, 1_000);
                        writer.commit("1000");
                    })
                    .withMessageContaining("No space left");
            assertThatIOException().isThrownBy(() -> writer.commit("1000"));
        }

        try (var store = new LuceneTimelineStore(folder);
                TimelineWriter again = store.open(INDEX)) {
            assertThat(again.checkpoint()).contains(new Checkpoint("500", 500));
            add(again, 500, 1_000);
            again.commit("1000");
            assertThat(store.search(
                                    Scope.of(new Scope.Part(INDEX, "a", 1)),
                                    Search.first(EventFilter.ALL, Search.Order.OLDEST_FIRST, 1))
                            .total())
                    .isEqualTo(1_000);
        }
    }
}
