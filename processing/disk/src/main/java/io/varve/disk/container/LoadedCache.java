package io.varve.disk.container;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Parts of an image that were read and decoded, by their number; the least recently used go first when there are too
/// many. Safe for several threads: different parts load at the same time, one part is loaded once.
public final class LoadedCache<V> {
    private static final int STRIPES = 64;

    private final long most;
    private final ToLongFunction<V> weight;
    private final Loader<V> loader;
    private final Object[] stripes = new Object[STRIPES];
    private final Map<Long, V> parts = new LinkedHashMap<>(64, 0.75f, true);
    private long held;

    /// Reads and decodes one part.
    public interface Loader<V> {
        V load(long number) throws IOException;
    }

    /// @param most most weight kept, though always the last part
    public LoadedCache(long most, ToLongFunction<V> weight, Loader<V> loader) {
        this.most = most;
        this.weight = weight;
        this.loader = loader;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /// The part, loaded when it is not here. A part that cannot be loaded is tried again each time.
    public V part(long number) throws IOException {
        Optional<V> here = held(number);
        if (here.isPresent()) {
            return here.get();
        }
        synchronized (stripes[(int) Math.floorMod(number, (long) STRIPES)]) {
            Optional<V> meanwhile = held(number);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            V loaded = loader.load(number);
            keep(number, loaded);
            return loaded;
        }
    }

    /// The part when it is here already.
    public Optional<V> held(long number) {
        synchronized (parts) {
            return Optional.ofNullable(parts.get(number));
        }
    }

    /// Keeps a part that was made without asking for it.
    public void offer(long number, V part) {
        keep(number, part);
    }

    private void keep(long number, V part) {
        synchronized (parts) {
            V before = parts.put(number, part);
            held += weight.applyAsLong(part) - (before == null ? 0 : weight.applyAsLong(before));
            var eldest = parts.entrySet().iterator();
            while (held > most && parts.size() > 1) {
                held -= weight.applyAsLong(eldest.next().getValue());
                eldest.remove();
            }
        }
    }
}
