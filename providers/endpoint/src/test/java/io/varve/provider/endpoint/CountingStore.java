package io.varve.provider.endpoint;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// A store that remembers which parts were brought to it, whole or not, and tells the test after each that is stored.
final class CountingStore implements ObjectStore {
    private final ObjectStore store;
    private final List<Integer> brought = new CopyOnWriteArrayList<>();
    private volatile IntConsumer after = number -> {};

    CountingStore(ObjectStore store) {
        this.store = store;
    }

    /// Numbers of the parts stored, in order, repetitions included.
    List<Integer> brought() {
        return new ArrayList<>(brought);
    }

    void forget() {
        brought.clear();
    }

    /// Called on the server's thread once a part is stored and before the agent hears of it.
    void after(IntConsumer action) {
        after = action;
    }

    @Override
    public Upload upload(String name) throws IOException {
        Upload upload = store.upload(name);
        return new Upload() {
            @Override
            public List<Part> parts() {
                return upload.parts();
            }

            @Override
            public Part part(int number, long offset, Digest expected, InputStream content, long length)
                    throws IOException {
                Part part = upload.part(number, offset, expected, content, length);
                brought.add(number);
                after.accept(number);
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
