package io.varve.timeline.lucene;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.SparseFixedBitSet;

/// Finds the events of one segment whose record is also in another, so that only one copy is shown.
///
/// Segments never change, so a pair is compared once and remembered while both are open: small new segments of a
/// running job are compared, the big old ones are not compared again.
final class Copies {
    private static final int MOST_PAIRS = 65_536;
    private static final int TERMS_BETWEEN_CHECKS = 4_096;

    private record Pair(IndexReader.CacheKey shown, IndexReader.CacheKey hidden) {}

    private final Map<Pair, Optional<SparseFixedBitSet>> pairs = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Optional<SparseFixedBitSet>> eldest) {
            return size() > MOST_PAIRS;
        }
    };
    private final Map<IndexReader.CacheKey, Boolean> watched = new ConcurrentHashMap<>();

    /// The documents of `segment` that are copies of a record in one of `shown`; empty when there are none.
    Optional<FixedBitSet> hidden(LeafReader segment, List<LeafReader> shown, BooleanSupplier expired)
            throws IOException {
        FixedBitSet all = null;
        for (LeafReader other : shown) {
            Optional<SparseFixedBitSet> some = pair(other, segment, expired);
            if (some.isEmpty()) {
                continue;
            }
            if (all == null) {
                all = new FixedBitSet(segment.maxDoc());
            }
            all.or(new BitSetIterator(some.get(), some.get().approximateCardinality()));
        }
        return Optional.ofNullable(all);
    }

    private Optional<SparseFixedBitSet> pair(LeafReader shown, LeafReader hidden, BooleanSupplier expired)
            throws IOException {
        var pair = new Pair(
                shown.getCoreCacheHelper().getKey(), hidden.getCoreCacheHelper().getKey());
        synchronized (pairs) {
            Optional<SparseFixedBitSet> known = pairs.get(pair);
            if (known != null) {
                return known;
            }
        }
        Optional<SparseFixedBitSet> found = compare(shown, hidden, expired);
        watch(shown);
        watch(hidden);
        synchronized (pairs) {
            pairs.put(pair, found);
        }
        return found;
    }

    private void watch(LeafReader segment) {
        IndexReader.CacheHelper helper = segment.getCoreCacheHelper();
        if (watched.putIfAbsent(helper.getKey(), true) == null) {
            helper.addClosedListener(key -> {
                watched.remove(key);
                synchronized (pairs) {
                    pairs.keySet().removeIf(pair -> pair.shown.equals(key) || pair.hidden.equals(key));
                }
            });
        }
    }

    /// Goes over the records of the smaller segment and looks each up in the larger one.
    private static Optional<SparseFixedBitSet> compare(LeafReader shown, LeafReader hidden, BooleanSupplier expired)
            throws IOException {
        Terms shownTerms = shown.terms(IndexFields.RECORD);
        Terms hiddenTerms = hidden.terms(IndexFields.RECORD);
        if (shownTerms == null || hiddenTerms == null) {
            return Optional.empty();
        }
        TermsEnum ofShown = shownTerms.iterator();
        TermsEnum ofHidden = hiddenTerms.iterator();
        TermsEnum smaller = shown.maxDoc() < hidden.maxDoc() ? ofShown : ofHidden;
        TermsEnum larger = smaller == ofShown ? ofHidden : ofShown;
        var copies = new SparseFixedBitSet(hidden.maxDoc());
        boolean any = false;
        int count = 0;
        PostingsEnum documents = null;
        for (BytesRef record = smaller.next(); record != null; record = smaller.next()) {
            if (++count % TERMS_BETWEEN_CHECKS == 0 && expired.getAsBoolean()) {
                throw LuceneTimelineStore.tooLong();
            }
            if (!larger.seekExact(record)) {
                continue;
            }
            any = true;
            documents = ofHidden.postings(documents, PostingsEnum.NONE);
            for (int i = documents.nextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = documents.nextDoc()) {
                copies.set(i);
            }
        }
        return any ? Optional.of(copies) : Optional.empty();
    }
}
