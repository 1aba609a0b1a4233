package io.varve.timeline.lucene;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.varve.timeline.EventFilter;
import io.varve.timeline.IndexName;
import io.varve.timeline.QueryException;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TestEvents;
import io.varve.timeline.TimelineStore;
import io.varve.timeline.TimelineStoreContractTest;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneTimelineStoreTest extends TimelineStoreContractTest {
    @Override
    protected TimelineStore open(Path folder) {
        return new LuceneTimelineStore(folder);
    }

    @Test
    void aQueryThatTakesTooLongIsStopped(@TempDir Path folder) throws IOException {
        var index = new IndexName("main", "ev-slow", "1");
        var impatient = LuceneSettings.DEFAULT.withLongestQuery(Duration.ZERO);
        try (var store = new LuceneTimelineStore(folder, impatient)) {
            try (TimelineWriter writer = store.open(index)) {
                writer.add(new TestEvents("ev-slow").event("2026-11-22T10:00:00Z", "a:b:c", "/log", "1", "slow"));
                writer.commit("end");
            }
            var search = Search.first(EventFilter.text("*s*l*o*w*"), Search.Order.OLDEST_FIRST, 1);

            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> store.search(Scope.of(new Scope.Part(index, "a", 1)), search))
                    .withMessageContaining("too long");
        }
    }
}
