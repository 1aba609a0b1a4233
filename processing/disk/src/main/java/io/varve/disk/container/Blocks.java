package io.varve.disk.container;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The last expanded blocks of a compressed image, about [#BUDGET] bytes of them. Safe for several threads.
public final class Blocks {
    private static final int BUDGET = 4 << 20;
    private static final int FEWEST = 2;
    private static final int MOST = 128;

    private final AtomicReferenceArray<Held> slots;

    private record Held(long key, byte[] bytes) {}

    /// @param size bytes of one block
    public Blocks(int size) {
        slots = new AtomicReferenceArray<>(Math.clamp(BUDGET / Math.max(1, size), FEWEST, MOST));
    }

    /// The block, expanded now if it is not held.
    ///
    /// @param key which block, e.g. where it is stored
    /// @param number which block in the order of the disk, so that neighbours do not displace each other
    public byte[] get(long key, long number, Run.Block block) throws IOException {
        int slot = (int) Long.remainderUnsigned(number, slots.length());
        Held held = slots.get(slot);
        if (held != null && held.key == key) {
            return held.bytes;
        }
        byte[] bytes = block.bytes();
        slots.set(slot, new Held(key, bytes));
        return bytes;
    }
}
