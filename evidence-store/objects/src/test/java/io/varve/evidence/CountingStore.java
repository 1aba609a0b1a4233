package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A store that remembers which parts were sent to it.
final class CountingStore implements ObjectStore {
    final List<Integer> sent = new CopyOnWriteArrayList<>();
    private final ObjectStore store;

    CountingStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Upload upload(String name) throws IOException {
        return upload(name, 0);
    }

    @Override
    public Upload upload(String name, long leastPart) throws IOException {
        Upload upload = store.upload(name, leastPart);
        return new Upload() {
            @Override
            public List<Part> parts() {
                return upload.parts();
            }

            @Override
            public Part part(int number, long offset, Digest expected, InputStream content, long length)
                    throws IOException {
                Part part = upload.part(number, offset, expected, content, length);
                sent.add(number);
                return part;
            }

            @Override
            public Stored complete() throws IOException {
                return upload.complete();
            }

            @Override
            public void abort() throws IOException {
                upload.abort();
            }
        };
    }

    @Override
    public void create(String name, byte[] content) throws IOException {
        store.create(name, content);
    }

    @Override
    public List<String> uploads() throws IOException {
        return store.uploads();
    }

    @Override
    public Optional<ObjectInfo> info(String name) throws IOException {
        return store.info(name);
    }

    @Override
    public InputStream read(String name, long offset, long length) throws IOException {
        return store.read(name, offset, length);
    }

    @Override
    public Stream<String> list(String prefix) throws IOException {
        return store.list(prefix);
    }

    @Override
    public boolean delete(String name) throws IOException {
        return store.delete(name);
    }
}
