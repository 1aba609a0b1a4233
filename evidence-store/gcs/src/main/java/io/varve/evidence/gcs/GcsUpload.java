package io.varve.evidence.gcs;

import io.varve.evidence.CanonicalJson;
import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectExistsException;
import io.varve.evidence.ObjectStore.Part;
import io.varve.evidence.ObjectStore.Stored;
import io.varve.evidence.ObjectStore.Upload;
import io.varve.evidence.ReadBack;
import io.varve.evidence.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// An upload into Google Cloud Storage: each part an object of its own, at the end composed into one by the service
/// itself, 32 at a time. Composing copies no bytes over the network.
///
/// @see <a href="https://cloud.google.com/storage/docs/composite-objects">Composite objects</a>
final class GcsUpload implements Upload {
    private static final int MOST_COMPOSED = 32;
    private static final int LARGEST_LIST = 64 << 20;

    private final GcsBucket bucket;
    private final String name;
    private final GcsJournal journal;
    private final TreeMap<Integer, Part> parts = new TreeMap<>();
    private boolean known;

    private GcsUpload(GcsBucket bucket, String name) {
        this.bucket = bucket;
        this.name = name;
        this.journal = GcsJournal.of(name);
    }

    static GcsUpload open(GcsBucket bucket, String name) throws IOException {
        var upload = new GcsUpload(bucket, name);
        Optional<byte[]> done = bucket.bytes(upload.journal.done(), LARGEST_LIST);
        if (done.isPresent() && bucket.size(name).isPresent()) { // complete already, perhaps only not cleared up
            for (Part part : CanonicalJson.read(done.get(), Part[].class)) {
                upload.parts.put(part.number(), part);
            }
            return upload;
        }
        for (String key : bucket.keys(upload.journal.folder())) {
            upload.journal.part(key).ifPresent(part -> upload.parts.put(part.number(), part));
        }
        return upload;
    }

    @Override
    public synchronized List<Part> parts() {
        return List.copyOf(parts.values());
    }

    @Override
    public Part part(int number, long offset, Digest expected, InputStream content, long length) throws IOException {
        var part = new Part(number, offset, length, expected);
        if (number < 1 || offset < 0 || length < 0) {
            throw new IOException("%s: part %d at %d of %d bytes".formatted(name, number, offset, length));
        }
        synchronized (this) {
            Part stored = parts.get(number);
            if (part.equals(stored)) {
                return part;
            }
            if (stored != null) {
                throw new IOException("%s: part %d was stored before with other content".formatted(name, number));
            }
            if (!known && bucket.size(name).isPresent()) {
                throw new ObjectExistsException(name);
            }
            known = true;
        }
        send(part, content);
        synchronized (this) {
            parts.put(number, part);
        }
        return part;
    }

    private void send(Part part, InputStream content) throws IOException {
        var checked = new CheckedContent("part %d of %s".formatted(part.number(), name), content, part);
        try {
            bucket.write(journal.key(part), checked, part.size());
        } catch (DigestMismatchException | EOFException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("part %d of %s cannot be stored".formatted(part.number(), name), e);
        }
    }

    @Override
    public synchronized Stored complete() throws IOException {
        List<Part> all = parts();
        if (bucket.size(name).isPresent()) {
            byte[] list = bucket.bytes(journal.done(), LARGEST_LIST).orElseThrow(() -> new ObjectExistsException(name));
            return checked(List.of(CanonicalJson.read(list, Part[].class)));
        }
        ReadBack.contiguous(name, all);
        bucket.replace(journal.done(), CanonicalJson.write(all.toArray(Part[]::new)));
        if (all.isEmpty()) {
            bucket.create(name, new byte[0]);
        } else {
            compose(all.stream().map(journal::key).toList());
        }
        return checked(all);
    }

    /// A tree of compositions, its root the object.
    private void compose(List<String> keys) throws IOException {
        List<String> level = keys;
        for (int depth = 1; level.size() > MOST_COMPOSED; depth++) {
            var next = new ArrayList<String>();
            for (int start = 0; start < level.size(); start += MOST_COMPOSED) {
                String target = journal.between(depth, next.size());
                bucket.composeAgain(target, level.subList(start, Math.min(start + MOST_COMPOSED, level.size())));
                next.add(target);
            }
            level = next;
        }
        if (!bucket.composeNew(name, level)) {
            throw new ObjectExistsException(name);
        }
    }

    private Stored checked(List<Part> all) throws IOException {
        Stored stored;
        try (InputStream content = bucket.read(name, 0, Long.MAX_VALUE)) {
            stored = ReadBack.check(name, all, content);
        }
        clear();
        return stored;
    }

    private void clear() throws IOException {
        for (String key : bucket.keys(journal.folder())) {
            bucket.remove(key);
        }
    }

    @Override
    public synchronized void abort() throws IOException {
        clear();
        bucket.remove(journal.done());
        parts.clear();
    }
}
