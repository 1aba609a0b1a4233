package io.varve.timeline.lucene;

import io.varve.timeline.IndexName;
import io.varve.timeline.QueryException;
import io.varve.timeline.Scope;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.ExitableDirectoryReader.ExitableFilterAtomicReader;
import org.apache.lucene.index.ExitableDirectoryReader.ExitingReaderException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.index.QueryTimeoutImpl;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/// The last commits of a scope's indexes as one, for the time of one question.
final class View implements Closeable {
    /// Which copies of a record are seen.
    enum Seen {
        ONE_COPY,
        ALL_COPIES
    }

    /// Takes the documents of one segment that match, in order.
    interface Segment {
        void accept(int document) throws IOException;
    }

    interface Segments {
        Segment start(LeafReaderContext leaf) throws IOException;
    }

    private static final int DOCUMENTS_BETWEEN_CHECKS = 4_096;

    private final List<DirectoryReader> held = new ArrayList<>();
    private final List<IndexName> names = new ArrayList<>();
    private final QueryTimeout timeout;
    private final IndexSearcher searcher;

    View(OpenIndexes indexes, Copies copies, Scope scope, Seen seen, Duration longest) throws IOException {
        try {
            List<LeafReader> leaves = leaves(indexes, copies, scope, seen);
            this.timeout = new QueryTimeoutImpl(longest.toMillis());
            IndexReader[] bounded = leaves.stream()
                    .map(leaf -> new ExitableFilterAtomicReader(leaf, timeout))
                    .toArray(IndexReader[]::new);
            this.searcher = new IndexSearcher(new MultiReader(bounded, false));
            searcher.setTimeout(timeout);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Comparing copies is not on the question's time: it is done once, and must be done some time.
    private List<LeafReader> leaves(OpenIndexes indexes, Copies copies, Scope scope, Seen seen) throws IOException {
        var leaves = new ArrayList<LeafReader>();
        Map<String, List<LeafReader>> shownByAsset = new HashMap<>();
        Set<IndexName> once = new HashSet<>();
        List<Scope.Part> byRank = scope.parts().stream()
                .sorted(Comparator.comparingInt(Scope.Part::rank)
                        .thenComparing(part -> part.index().toString()))
                .toList();
        for (Scope.Part part : byRank) {
            Optional<DirectoryReader> reader = once.add(part.index()) ? indexes.hold(part.index()) : Optional.empty();
            if (reader.isEmpty()) {
                continue;
            }
            held.add(reader.get());
            List<LeafReader> shown = shownByAsset.computeIfAbsent(part.asset(), asset -> new ArrayList<>());
            List<LeafReader> own = reader.get().leaves().stream()
                    .map(LeafReaderContext::reader)
                    .toList();
            for (LeafReader leaf : own) {
                leaves.add(seen == Seen.ALL_COPIES ? leaf : OneCopy.of(leaf, copies.hidden(leaf, shown)));
                names.add(part.index());
            }
            shown.addAll(own);
        }
        return leaves;
    }

    IndexSearcher searcher() {
        return searcher;
    }

    /// The index a document of the view is in.
    IndexName index(int document) {
        return names.get(ReaderUtil.subIndex(document, searcher.getLeafContexts()));
    }

    long count(Query query) throws IOException {
        long count = searcher.count(query);
        check();
        return count;
    }

    void forEach(Query query, Segments segments) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            Scorer scorer = weight.scorer(leaf);
            if (scorer == null) {
                continue;
            }
            Segment segment = segments.start(leaf);
            Bits live = leaf.reader().getLiveDocs();
            DocIdSetIterator documents = scorer.iterator();
            int seen = 0;
            for (int i = documents.nextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = documents.nextDoc()) {
                if (++seen % DOCUMENTS_BETWEEN_CHECKS == 0 && timeout.shouldExit()) {
                    throw LuceneTimelineStore.tooLong();
                }
                if (live == null || live.get(i)) {
                    segment.accept(i);
                }
            }
        }
    }

    /// @throws QueryException when the last search was stopped for its time
    void check() {
        if (searcher.timedOut()) {
            throw LuceneTimelineStore.tooLong();
        }
    }

    /// Translates what Lucene throws when a question takes too long or grows too large.
    static RuntimeException translated(RuntimeException e) {
        if (e instanceof ExitingReaderException) {
            return LuceneTimelineStore.tooLong();
        }
        if (e instanceof IndexSearcher.TooManyClauses) {
            return new QueryException("the query is too complex", e);
        }
        return e;
    }

    @Override
    public void close() throws IOException {
        for (DirectoryReader reader : held) {
            reader.decRef();
        }
        held.clear();
    }
}
