package io.varve.timeline.lucene;

import io.varve.timeline.TimelineStore;
import io.varve.timeline.TimelineStoreContractTest;
import java.nio.file.Path;

class LuceneTimelineStoreTest extends TimelineStoreContractTest {
    @Override
    protected TimelineStore open(Path folder) {
        return new LuceneTimelineStore(folder);
    }
}
