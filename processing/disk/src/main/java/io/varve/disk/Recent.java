package io.varve.disk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The values used last, a bounded number of them: blocks of metadata that will be needed again. Safe for several
/// threads.
public final class Recent<K, V> {
    private final Map<K, V> values;

    public Recent(int most) {
        values = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    public synchronized Optional<V> of(K key) {
        return Optional.ofNullable(values.get(key));
    }

    public synchronized void keep(K key, V value) {
        values.put(key, value);
    }
}
