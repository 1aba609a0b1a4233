package io.varve.timeline.lucene;

import java.util.Optional;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/// A segment without the events that are shown from another evidence item of the same asset.
final class OneCopy extends FilterLeafReader {
    private final FixedBitSet live;
    private final int count;

    private OneCopy(LeafReader segment, FixedBitSet live) {
        super(segment);
        this.live = live;
        this.count = live.cardinality();
    }

    static LeafReader of(LeafReader segment, Optional<FixedBitSet> hidden) {
        if (hidden.isEmpty()) {
            return segment;
        }
        var live = new FixedBitSet(segment.maxDoc());
        live.set(0, segment.maxDoc());
        live.andNot(hidden.get());
        Bits stored = segment.getLiveDocs();
        for (int i = 0; stored != null && i < segment.maxDoc(); i++) {
            if (!stored.get(i)) {
                live.clear(i);
            }
        }
        return new OneCopy(segment, live);
    }

    @Override
    public Bits getLiveDocs() {
        return live;
    }

    @Override
    public int numDocs() {
        return count;
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
        return in.getCoreCacheHelper();
    }

    @Override
    public @Nullable CacheHelper getReaderCacheHelper() {
        return null;
    }
}
