package io.varve.disk.volume.shadow;

import java.util.Arrays;

/// A map from numbers to numbers of at least 0, without objects: millions of blocks fit.
final class LongMap {
    static final long ABSENT = -1;

    private long[] keys = new long[64];
    private long[] values = new long[64];
    private int used;

    LongMap() {
        Arrays.fill(values, ABSENT);
        Arrays.fill(keys, ABSENT);
    }

    /// The value, or [#ABSENT].
    long get(long key) {
        return values[slot(key)];
    }

    void put(long key, long value) {
        if (used >= keys.length / 2) {
            grow();
        }
        int slot = slot(key);
        if (keys[slot] == ABSENT) {
            keys[slot] = key;
            used++;
        }
        values[slot] = value;
    }

    void remove(long key) {
        values[slot(key)] = ABSENT;
    }

    private int slot(long key) {
        long mixed = key * 0x9e37_79b9_7f4a_7c15L;
        int slot = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[slot] != key && keys[slot] != ABSENT) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[oldKeys.length * 2];
        Arrays.fill(keys, ABSENT);
        Arrays.fill(values, ABSENT);
        used = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }
}
