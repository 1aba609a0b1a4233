package io.varve.timeline.lucene;

import io.varve.timeline.Checkpoint;
import io.varve.timeline.EventFilter;
import io.varve.timeline.FacetValue;
import io.varve.timeline.Histogram;
import io.varve.timeline.Hit;
import io.varve.timeline.IndexName;
import io.varve.timeline.Page;
import io.varve.timeline.QueryException;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TimelineStore;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.util.BytesRef;

/// Timelines in Lucene indexes under one folder, `<root>/<organisation>/<evidence>/<run>/`.
public final class LuceneTimelineStore implements TimelineStore {
    private static final int MOST_FACET_VALUES = 1_000;
    private static final int MOST_COPIES = 1_000;

    // Lucene's classes initialise each other in a circle (through its TestSecrets): two threads that enter it at
    // different places for the first time wait for each other for ever. One thread goes round it before anybody else.
    static {
        new IndexWriterConfig();
    }

    private final Path root;
    private final LuceneSettings settings;
    private final OpenIndexes indexes;
    private final Copies copies = new Copies();

    public LuceneTimelineStore(Path root) {
        this(root, LuceneSettings.DEFAULT);
    }

    public LuceneTimelineStore(Path root, LuceneSettings settings) {
        this.root = root;
        this.settings = settings;
        this.indexes = new OpenIndexes(root, settings.openIndexes());
    }

    @Override
    public TimelineWriter open(IndexName index) throws IOException {
        Path folder = Files.createDirectories(indexes.folder(index));
        Directory directory = FSDirectory.open(folder);
        try {
            return new LuceneWriter(index, directory, settings);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public Optional<Checkpoint> checkpoint(IndexName index) throws IOException {
        Optional<DirectoryReader> reader = indexes.hold(index);
        if (reader.isEmpty()) {
            return Optional.empty();
        }
        try {
            return LuceneWriter.checkpoint(reader.get());
        } finally {
            reader.get().decRef();
        }
    }

    @Override
    public List<IndexName> runs(String organisation, String evidence) throws IOException {
        Path folder =
                indexes.folder(new IndexName(organisation, evidence, "any")).resolveSibling("");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> runs = Files.list(folder)) {
            return runs.filter(Files::isDirectory)
                    .map(run -> new IndexName(
                            organisation, evidence, run.getFileName().toString()))
                    .sorted(Comparator.comparing(IndexName::run))
                    .toList();
        }
    }

    @Override
    public void delete(IndexName index) throws IOException {
        Path folder = indexes.folder(index);
        if (!Files.isDirectory(folder)) {
            return;
        }
        indexes.forget(index);
        try (Directory directory = FSDirectory.open(folder);
                Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            lock.ensureValid();
            for (String file : directory.listAll()) {
                if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                    directory.deleteFile(file);
                }
            }
        }
        Files.deleteIfExists(folder.resolve(IndexWriter.WRITE_LOCK_NAME));
        Files.deleteIfExists(folder);
    }

    @Override
    public Page search(Scope scope, Search search) throws IOException {
        Optional<FieldDoc> after = search.cursor().map(text -> Cursor.read(text, search.order()));
        return ask(scope, View.Seen.ONE_COPY, view -> {
            Query query = withRange(search.filter());
            long total = view.count(query);
            var top = new TopFieldCollectorManager(sort(search.order()), search.limit() + 1, after.orElse(null), 1);
            TopDocs found = view.searcher().search(query, top);
            view.check();
            ScoreDoc[] documents = found.scoreDocs;
            boolean more = documents.length > search.limit();
            var hits = new ArrayList<Hit>();
            for (int i = 0; i < Math.min(documents.length, search.limit()); i++) {
                hits.add(hit(view, documents[i].doc));
            }
            Optional<String> next = more
                    ? Optional.of(Cursor.of((FieldDoc) documents[search.limit() - 1], search.order()))
                    : Optional.empty();
            return new Page(total, hits, next);
        });
    }

    @Override
    public Map<String, List<FacetValue>> facets(Scope scope, EventFilter filter, List<String> fields, int size)
            throws IOException {
        for (String field : fields) {
            if (!FacetValue.FIELDS.contains(field)) {
                throw new QueryException("%s cannot be counted; these can: %s"
                        .formatted(field, FacetValue.FIELDS.stream().sorted().toList()));
            }
        }
        if (size < 1 || size > MOST_FACET_VALUES) {
            throw new QueryException("size must be between 1 and " + MOST_FACET_VALUES);
        }
        return ask(scope, View.Seen.ONE_COPY, view -> {
            var counts = new LinkedHashMap<String, FacetCounts>();
            fields.forEach(field -> counts.put(field, new FacetCounts(field)));
            view.forEach(withRange(filter), leaf -> {
                var segments = new ArrayList<View.Segment>();
                for (FacetCounts count : counts.values()) {
                    segments.add(count.start(leaf));
                }
                return document -> {
                    for (View.Segment segment : segments) {
                        segment.accept(document);
                    }
                };
            });
            var facets = new LinkedHashMap<String, List<FacetValue>>();
            for (Map.Entry<String, FacetCounts> count : counts.entrySet()) {
                facets.put(count.getKey(), count.getValue().most(size));
            }
            return facets;
        });
    }

    @Override
    public Histogram histogram(Scope scope, EventFilter filter, int buckets) throws IOException {
        if (buckets < 1 || buckets > Histogram.MOST_BUCKETS) {
            throw new QueryException("buckets must be between 1 and " + Histogram.MOST_BUCKETS);
        }
        return ask(scope, View.Seen.ONE_COPY, view -> {
            Query dated = and(EventQueries.of(filter), EventQueries.between(filter.from(), filter.to()));
            long undated = view.count(and(EventQueries.of(filter), EventQueries.undated()));
            Optional<HistogramCounts.Span> span = span(view, dated, filter);
            return span.isEmpty()
                    ? new Histogram(Optional.empty(), Optional.empty(), Duration.ofSeconds(1), List.of(), undated)
                    : HistogramCounts.of(view, dated, span.get(), buckets, undated);
        });
    }

    private static Optional<HistogramCounts.Span> span(View view, Query dated, EventFilter filter) throws IOException {
        Optional<HistogramCounts.Span> found =
                filter.from().isPresent() && filter.to().isPresent()
                        ? Optional.empty()
                        : HistogramCounts.Span.of(view, dated);
        Optional<Long> first = filter.from().map(Ticks::ceiling).or(() -> found.map(HistogramCounts.Span::first));
        Optional<Long> last =
                filter.to().map(to -> Ticks.ceiling(to) - 1).or(() -> found.map(HistogramCounts.Span::last));
        if (first.isEmpty() || last.isEmpty() || first.get() > last.get()) {
            return Optional.empty();
        }
        return Optional.of(new HistogramCounts.Span(first.get(), last.get()));
    }

    @Override
    public Optional<Hit> event(Scope scope, String id) throws IOException {
        return hits(scope, EventQueries.identity(IndexFields.ID, id), 1).stream()
                .findFirst();
    }

    @Override
    public List<Hit> copies(Scope scope, String record) throws IOException {
        return hits(scope, EventQueries.identity(IndexFields.RECORD, record), MOST_COPIES);
    }

    private List<Hit> hits(Scope scope, Query query, int most) throws IOException {
        return ask(scope, View.Seen.ALL_COPIES, view -> {
            var hits = new ArrayList<Hit>();
            for (ScoreDoc found : view.searcher().search(query, most, Sort.INDEXORDER).scoreDocs) {
                hits.add(hit(view, found.doc));
            }
            view.check();
            return hits;
        });
    }

    private interface Question<T> {
        T answer(View view) throws IOException;
    }

    private <T> T ask(Scope scope, View.Seen seen, Question<T> question) throws IOException {
        try (var view = new View(indexes, copies, scope, seen, settings.longestQuery())) {
            return question.answer(view);
        } catch (RuntimeException e) {
            throw View.translated(e);
        }
    }

    static QueryException tooLong() {
        return new QueryException("the query takes too long; make the range of time or the pattern narrower");
    }

    private static Hit hit(View view, int document) throws IOException {
        StoredFields stored = view.searcher().storedFields();
        BytesRef source = stored.document(document).getBinaryValue(IndexFields.SOURCE);
        String json = new String(source.bytes, source.offset, source.length, StandardCharsets.UTF_8);
        return new Hit(view.index(document), SourceId.of(json), json);
    }

    private static Query withRange(EventFilter filter) {
        Query query = EventQueries.of(filter);
        return filter.from().isPresent() || filter.to().isPresent()
                ? and(query, EventQueries.between(filter.from(), filter.to()))
                : query;
    }

    private static Query and(Query one, Query other) {
        return new BooleanQuery.Builder()
                .add(one, Occur.FILTER)
                .add(other, Occur.FILTER)
                .build();
    }

    private static Sort sort(Search.Order order) {
        boolean newest = order == Search.Order.NEWEST_FIRST;
        long undated = newest ? Long.MIN_VALUE : Long.MAX_VALUE;
        var time = new SortField(IndexFields.TIME, SortField.Type.LONG, newest, undated);
        return new Sort(
                time,
                new SortField(IndexFields.TIE_HIGH, SortField.Type.LONG),
                new SortField(IndexFields.TIE_LOW, SortField.Type.LONG));
    }

    @Override
    public void close() throws IOException {
        indexes.close();
    }
}
