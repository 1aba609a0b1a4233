package io.varve.timeline.lucene;

import io.varve.timeline.Checkpoint;
import io.varve.timeline.IndexName;
import io.varve.timeline.TimelineWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/// Writes one index: the caller's thread reads the lines, a few threads of its own index them.
///
/// The first error of such a thread stops the writer; the next [#add] or [#commit] throws it.
final class LuceneWriter implements TimelineWriter {
    private static final String POSITION = "position";
    private static final int BATCH = 128;
    private static final int BATCHES_WAITING = 16;
    /// Events that may replace an older one wait for the batches before them; more than this are not kept waiting.
    private static final int MOST_LATE = 10_000;

    private final IndexName name;
    private final Directory directory;
    private final IndexWriter writer;
    private final SeenIds seen = new SeenIds();
    private final BlockingQueue<List<EventDocument>> queue = new ArrayBlockingQueue<>(BATCHES_WAITING);
    private final List<Thread> threads = new ArrayList<>();
    private final Object state = new Object();
    private List<EventDocument> batch = new ArrayList<>(BATCH);
    private final List<EventDocument> late = new ArrayList<>();
    private Optional<Checkpoint> checkpoint;
    private int inFlight;
    private Optional<Throwable> failure = Optional.empty();
    private boolean closed;

    LuceneWriter(IndexName name, Directory directory, LuceneSettings settings) throws IOException {
        this.name = name;
        this.directory = directory;
        var policy = new TieredMergePolicy();
        policy.setFloorSegmentMB(settings.floorSegmentMegabytes());
        policy.setSegmentsPerTier(settings.segmentsPerTier());
        var config = new IndexWriterConfig(new EventAnalyzer(EventAnalyzer.Mode.PIECES_AND_CHUNKS))
                .setRAMBufferSizeMB(settings.bufferMegabytes())
                .setMergePolicy(policy)
                .setUseCompoundFile(false)
                .setCommitOnClose(false)
                .setCodec(new Lucene104Codec(Lucene104Codec.Mode.BEST_SPEED));
        writer = new IndexWriter(directory, config);
        checkpoint = readCommitted();
        for (int i = 0; i < settings.indexThreads(); i++) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("index-" + name.evidence() + "-" + i)
                    .start(this::index));
        }
    }

    private Optional<Checkpoint> readCommitted() throws IOException {
        if (!DirectoryReader.indexExists(directory)) {
            return Optional.empty();
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            for (LeafReaderContext leaf : reader.leaves()) {
                Terms ids = leaf.reader().terms(IndexFields.ID);
                if (ids == null) {
                    continue;
                }
                TermsEnum each = ids.iterator();
                for (BytesRef id = each.next(); id != null; id = each.next()) {
                    seen.add(id);
                }
            }
            return checkpoint(reader);
        }
    }

    /// What the commit that a reader shows holds.
    static Optional<Checkpoint> checkpoint(DirectoryReader reader) throws IOException {
        String position = reader.getIndexCommit().getUserData().get(POSITION);
        return position == null ? Optional.empty() : Optional.of(new Checkpoint(position, reader.numDocs()));
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
        return checkpoint;
    }

    @Override
    public void add(String line) throws IOException {
        check();
        EventDocument document = EventDocument.of(line);
        if (seen.add(document.id())) {
            late.add(document);
            if (late.size() >= MOST_LATE) {
                drain();
            }
            return;
        }
        batch.add(document);
        if (batch.size() >= BATCH) {
            send();
        }
    }

    @Override
    public Checkpoint commit(String position) throws IOException {
        check();
        drain();
        try {
            writer.setLiveCommitData(Map.of(POSITION, position).entrySet());
            writer.commit();
        } catch (AlreadyClosedException e) {
            throw stopped(e);
        }
        var committed = new Checkpoint(position, writer.getDocStats().numDocs);
        checkpoint = Optional.of(committed);
        return committed;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (directory) {
            stopThreads();
            writer.rollback();
        }
    }

    private void check() throws IOException {
        if (closed) {
            throw new IllegalStateException("the writer of " + name + " is closed");
        }
        synchronized (state) {
            if (failure.isPresent()) {
                throw stopped(failure.get());
            }
        }
    }

    private IOException stopped(Throwable cause) {
        Throwable first = writer.getTragicException();
        return new IOException(
                "cannot write the index " + name + ": " + cause.getMessage(), first == null ? cause : first);
    }

    private void send() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        synchronized (state) {
            inFlight++;
        }
        try {
            queue.put(batch);
        } catch (InterruptedException e) {
            synchronized (state) {
                inFlight--;
            }
            throw interrupted(e);
        }
        batch = new ArrayList<>(BATCH);
    }

    /// Waits until everything added is in Lucene, the events that may replace others last.
    private void drain() throws IOException {
        send();
        synchronized (state) {
            while (inFlight > 0) {
                try {
                    state.wait();
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
        check();
        try {
            for (EventDocument document : late) {
                writer.updateDocument(new Term(IndexFields.ID, document.id()), document.fields);
            }
        } catch (AlreadyClosedException e) {
            throw stopped(e);
        }
        late.clear();
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    /// What each index thread does. After a failure batches are taken and dropped: the caller is told at its next call.
    private void index() {
        try {
            while (true) {
                List<EventDocument> documents = queue.take();
                if (documents.isEmpty()) {
                    return;
                }
                index(documents);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void index(List<EventDocument> documents) {
        Optional<Throwable> problem = Optional.empty();
        try {
            for (EventDocument document : documents) {
                writer.addDocument(document.fields);
            }
        } catch (Throwable e) {
            problem = Optional.of(e);
        }
        synchronized (state) {
            inFlight--;
            failure = failure.or(List.of(problem)::getFirst);
            state.notifyAll();
        }
    }

    private void stopThreads() throws IOException {
        queue.clear();
        for (Thread ignored : threads) {
            put(List.of());
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private void put(List<EventDocument> last) throws IOException {
        try {
            queue.put(last);
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw interrupted(e);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }
}
