package io.varve.timeline.lucene;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
import org.jspecify.annotations.Nullable;

/// Finds the events of one segment whose record is also in another, so that only one copy is shown.
///
/// Segments never change, so a pair is compared once and remembered while both are open: small new segments of a
/// running job are compared, the big old ones are not compared again.
final class Copies {
    private static final int MOST_PAIRS = 65_536;
    /// A look-up costs about as much as this many steps.
    private static final long STEPS_PER_LOOKUP = 12;

    private record Pair(IndexReader.CacheKey shown, IndexReader.CacheKey hidden) {}

    private final Map<Pair, Optional<SparseFixedBitSet>> pairs = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Optional<SparseFixedBitSet>> eldest) {
            return size() > MOST_PAIRS;
        }
    };
    private final Object comparing = new Object();
    private final Map<IndexReader.CacheKey, Boolean> watched = new ConcurrentHashMap<>();

    /// The documents of `segment` that are copies of a record in one of `shown`; empty when there are none.
    Optional<FixedBitSet> hidden(LeafReader segment, List<LeafReader> shown) throws IOException {
        FixedBitSet all = null;
        for (LeafReader other : shown) {
            Optional<SparseFixedBitSet> some = pair(other, segment);
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

    /// Questions come in groups (page, histogram, facets): one of them compares, the others wait for its answer.
    private Optional<SparseFixedBitSet> pair(LeafReader shown, LeafReader hidden) throws IOException {
        var pair = new Pair(
                shown.getCoreCacheHelper().getKey(), hidden.getCoreCacheHelper().getKey());
        Optional<SparseFixedBitSet> known = known(pair);
        if (known != null) {
            return known;
        }
        synchronized (comparing) {
            known = known(pair);
            if (known != null) {
                return known;
            }
            Optional<SparseFixedBitSet> found = compare(shown, hidden);
            watch(shown);
            watch(hidden);
            synchronized (pairs) {
                pairs.put(pair, found);
            }
            return found;
        }
    }

    private @Nullable Optional<SparseFixedBitSet> known(Pair pair) {
        synchronized (pairs) {
            return pairs.get(pair);
        }
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

    private static Optional<SparseFixedBitSet> compare(LeafReader shown, LeafReader hidden) throws IOException {
        Terms shownTerms = shown.terms(IndexFields.RECORD);
        Terms hiddenTerms = hidden.terms(IndexFields.RECORD);
        if (shownTerms == null || hiddenTerms == null) {
            return Optional.empty();
        }
        var copies = new SparseFixedBitSet(hidden.maxDoc());
        TermsEnum ofHidden = hiddenTerms.iterator();
        boolean any = shown.maxDoc() < hidden.maxDoc()
                ? meet(shownTerms.iterator(), ofHidden, ofHidden, copies, hidden.maxDoc() / (shown.maxDoc() + 1L))
                : meet(ofHidden, shownTerms.iterator(), ofHidden, copies, shown.maxDoc() / (hidden.maxDoc() + 1L));
        return any ? Optional.of(copies) : Optional.empty();
    }

    /// Goes over the records of the smaller segment, and step by step along the larger one when both are of like size,
    /// else by looking each up.
    ///
    /// @param ratio how many times larger the larger one is
    private static boolean meet(
            TermsEnum smaller, TermsEnum larger, TermsEnum hidden, SparseFixedBitSet copies, long ratio)
            throws IOException {
        boolean steps = ratio < STEPS_PER_LOOKUP;
        boolean any = false;
        PostingsEnum documents = null;
        BytesRef at = steps ? larger.next() : null;
        for (BytesRef record = smaller.next(); record != null; record = smaller.next()) {
            while (steps && at != null && at.compareTo(record) < 0) {
                at = larger.next();
            }
            if (steps ? at == null || !at.equals(record) : !larger.seekExact(record)) {
                continue;
            }
            any = true;
            documents = hidden.postings(documents, PostingsEnum.NONE);
            for (int i = documents.nextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = documents.nextDoc()) {
                copies.set(i);
            }
        }
        return any;
    }
}
