package io.varve.timeline.lucene;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/// Bloom filters over the ids an index holds: a new event is then added without looking for an older one.
///
/// Says "perhaps" for every id that was seen and for fewer than one in a hundred others; past the largest size the
/// wrong answers become more frequent, which costs time, never an event.
final class SeenIds {
    private static final int BITS_PER_ID = 12;
    private static final int HASHES = 6;
    private static final int SMALLEST = 1 << 16;
    private static final int LARGEST = 1 << 26;

    private record Filter(long[] bits, int capacity) {
        static Filter of(int capacity) {
            return new Filter(new long[(int) ((long) capacity * BITS_PER_ID / Long.SIZE)], capacity);
        }
    }

    private final List<Filter> filters = new ArrayList<>(List.of(Filter.of(SMALLEST)));
    private int inLast;

    /// Remembers the id; true when it may have been seen before.
    boolean add(BytesRef id) {
        long[] halves = IndexFields.halves(id);
        long first = halves[0];
        long second = halves[1] | 1;
        if (id.length != 2 * Long.BYTES) {
            first = (long) StringHelper.murmurhash3_x86_32(id, 1) << 32 ^ StringHelper.murmurhash3_x86_32(id, 2);
            second = (long) StringHelper.murmurhash3_x86_32(id, 3) << 32 | 1;
        }
        for (Filter filter : filters) {
            if (contains(filter, first, second)) {
                return true;
            }
        }
        put(first, second);
        return false;
    }

    private static boolean contains(Filter filter, long first, long second) {
        for (int i = 0; i < HASHES; i++) {
            int bit = bit(filter, first, second, i);
            if ((filter.bits[bit >>> 6] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    private void put(long first, long second) {
        Filter last = filters.getLast();
        if (inLast >= last.capacity && last.capacity < LARGEST) {
            last = Filter.of(last.capacity * 4);
            filters.add(last);
            inLast = 0;
        }
        for (int i = 0; i < HASHES; i++) {
            int bit = bit(last, first, second, i);
            last.bits[bit >>> 6] |= 1L << bit;
        }
        inLast++;
    }

    private static int bit(Filter filter, long first, long second, int i) {
        return (int) Long.remainderUnsigned(first + i * second, (long) filter.bits.length * Long.SIZE);
    }
}
