package io.varve.evidence.s3;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStore.Part;
import io.varve.evidence.ReadBack;
import io.varve.evidence.StoreException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An upload into a bucket: parts of at least 5 MiB go straight into a multipart upload of S3's own. Smaller ones,
/// which
/// S3 does not take, are held in objects of their own and put together at the end, see [Layout].
///
/// A part counts once the [S3Journal] names it, which is written after its bytes are stored.
final class S3Upload implements ObjectStore.Upload {
    /// S3's own limit.
    private static final long LARGEST_PART = 5L << 30;

    private final S3Objects objects;
    private final S3Journal journal;
    private final Multipart multipart;
    private final String key;
    private final long leastPart;
    private final TreeMap<Integer, S3Journal.Entry> entries = new TreeMap<>();
    private final TreeMap<Integer, Multipart.Sent> sent = new TreeMap<>();
    private Optional<String> id = Optional.empty();
    private boolean known;

    private S3Upload(S3Objects objects, S3Journal journal, Multipart multipart, String key, long leastPart) {
        this.objects = objects;
        this.journal = journal;
        this.multipart = multipart;
        this.key = key;
        this.leastPart = leastPart;
    }

    static S3Upload open(
            S3Client client, S3Objects objects, S3Dialect dialect, S3Journal journal, String key, long leastPart)
            throws IOException {
        var upload = new S3Upload(objects, journal, new Multipart(client, objects, dialect, key), key, leastPart);
        upload.load();
        return upload;
    }

    /// A part in the multipart upload counts when journal and target both have it: targets drop uploads they find old.
    private void load() throws IOException {
        Optional<List<Part>> done = journal.done();
        if (done.isPresent() && objects.head(key).isPresent()) { // complete already, perhaps only not cleared up
            done.get().forEach(part -> entries.put(part.number(), new S3Journal.Entry(part, false)));
            return;
        }
        S3Journal.Content content = journal.read();
        if (content.id()) {
            id = Optional.of(journal.id());
        }
        boolean any = content.entries().stream().anyMatch(entry -> !entry.held());
        if (any && id.isPresent()) {
            sent.putAll(multipart.sent(id.get()).orElse(Map.of()));
        }
        for (S3Journal.Entry entry : content.entries()) {
            Multipart.Sent there = sent.get(entry.part().number());
            if (entry.held() || there != null && there.size() == entry.part().size()) {
                entries.put(entry.part().number(), entry);
            }
        }
    }

    @Override
    public synchronized List<Part> parts() {
        return entries.values().stream().map(S3Journal.Entry::part).toList();
    }

    @Override
    public Part part(int number, long offset, Digest expected, InputStream content, long length) throws IOException {
        var part = new Part(number, offset, length, expected);
        if (number < 1 || offset < 0 || length < 0 || length > LARGEST_PART) {
            throw new IOException("%s: part %d at %d of %d bytes".formatted(journal.name(), number, offset, length));
        }
        boolean own;
        synchronized (this) {
            S3Journal.Entry stored = entries.get(number);
            if (stored != null && stored.part().equals(part)) {
                return part;
            }
            if (stored != null) {
                throw new IOException(
                        "%s: part %d was stored before with other content".formatted(journal.name(), number));
            }
            requireAbsent();
            own = Layout.own(part, entries, leastPart);
        }
        try {
            store(part, content, own);
        } catch (DigestMismatchException | EOFException | ObjectExistsException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("part %d of %s cannot be stored".formatted(number, journal.name()), e);
        }
        return part;
    }

    private void requireAbsent() throws IOException {
        if (!known && objects.head(key).isPresent()) {
            throw new ObjectExistsException(journal.name());
        }
        known = true;
    }

    private void store(Part part, InputStream content, boolean own) throws IOException {
        SignedBody body = body(part, content);
        if (own) {
            Multipart.Sent done = multipart.send(id(), part.number(), body);
            journal.add(part);
            synchronized (this) {
                sent.put(part.number(), done);
            }
        } else {
            journal.hold(part, body);
        }
        synchronized (this) {
            entries.put(part.number(), new S3Journal.Entry(part, !own));
        }
    }

    /// Bytes in memory can be sent once more when the target is out of breath; a stream cannot.
    private SignedBody body(Part part, InputStream content) {
        String what = "part %d of %s".formatted(part.number(), journal.name());
        if (content instanceof ByteArrayInputStream bytes) {
            bytes.mark(0);
            SignedBody.Source again = () -> {
                bytes.reset();
                return bytes;
            };
            return new SignedBody(what, again, part.size(), part.sha256(), SignedBody.Again.YES);
        }
        return new SignedBody(what, () -> content, part.size(), part.sha256(), SignedBody.Again.NO);
    }

    private synchronized String id() throws IOException {
        if (id.isEmpty()) {
            String begun = multipart.begin();
            String holds = journal.claim(begun);
            if (!holds.equals(begun)) {
                multipart.abort(begun);
            }
            id = Optional.of(holds);
        }
        return id.get();
    }

    @Override
    public synchronized ObjectStore.Stored complete() throws IOException {
        Optional<S3Objects.Head> head = objects.head(key);
        if (head.isPresent()) {
            List<Part> done = journal.done().orElseThrow(() -> new ObjectExistsException(journal.name()));
            return checked(done);
        }
        List<Part> all = parts();
        ReadBack.contiguous(journal.name(), all);
        journal.keepDone(all);
        if (all.isEmpty()) {
            objects.create(key, SignedBody.of(journal.name(), new byte[0]));
        } else {
            assemble();
        }
        return checked(all);
    }

    private void assemble() throws IOException {
        Layout layout = Layout.of(List.copyOf(entries.values()));
        var parts = new TreeMap<Integer, Multipart.Sent>();
        for (Layout.Piece piece : layout.pieces()) {
            parts.put(
                    piece.number(),
                    piece.own() ? sentPart(piece) : multipart.send(id(), piece.number(), gather(piece)));
        }
        try {
            if (!objects.isFirst(key, multipart.complete(id(), parts.values()))) {
                throw new ObjectExistsException(journal.name());
            }
        } catch (S3Error e) {
            if (e.conditionFailed()) {
                throw new ObjectExistsException(journal.name());
            }
            if (objects.head(key).isEmpty()) {
                throw e;
            } // the answer of an earlier attempt was lost
        }
    }

    private Multipart.Sent sentPart(Layout.Piece piece) throws IOException {
        Multipart.Sent there = sent.get(piece.number());
        if (there == null) {
            throw new IOException("%s: part %d is not in the upload".formatted(journal.name(), piece.number()));
        }
        return there;
    }

    private SignedBody gather(Layout.Piece piece) throws IOException {
        SignedBody.Source source = () -> new HeldParts(journal, piece.parts());
        return new SignedBody(
                "parts from %d of %s".formatted(piece.parts().getFirst().number(), journal.name()),
                source,
                piece.size(),
                HeldParts.digest(journal, piece.parts()),
                SignedBody.Again.YES);
    }

    /// Reads the object back. What is not as it was sent is never sealed; it stays, for it may only have been read
    /// wrongly.
    private ObjectStore.Stored checked(List<Part> parts) throws IOException {
        ObjectStore.Stored stored;
        try (InputStream content = objects.read(key, 0, Long.MAX_VALUE)) {
            stored = ReadBack.check(journal.name(), parts, content);
        }
        journal.clear();
        return stored;
    }

    @Override
    public synchronized void abort() throws IOException {
        if (id.isPresent()) {
            multipart.abort(id.get());
        }
        journal.forget();
        entries.clear();
        sent.clear();
        id = Optional.empty();
    }
}
