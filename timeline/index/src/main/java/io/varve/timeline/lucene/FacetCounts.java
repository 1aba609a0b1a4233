package io.varve.timeline.lucene;

import io.varve.timeline.FacetValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.util.BytesRef;

/// Counts the values of one field, segment by segment, and merges them in the order of the values, so that memory grows
/// with the number of segments' values only as counters, never as texts.
final class FacetCounts {
    private static final Comparator<FacetValue> MOST_FIRST =
            Comparator.comparingLong(FacetValue::count).reversed().thenComparing(FacetValue::value);

    private final String field;
    private final List<Values> segments = new ArrayList<>();

    FacetCounts(String field) {
        this.field = IndexFields.FACET + field;
    }

    View.Segment start(LeafReaderContext leaf) throws IOException {
        SortedSetDocValues values = DocValues.getSortedSet(leaf.reader(), field);
        var counts = new int[Math.toIntExact(values.getValueCount())];
        segments.add(new Values(DocValues.getSortedSet(leaf.reader(), field), counts));
        return document -> {
            if (values.advanceExact(document)) {
                for (int i = 0; i < values.docValueCount(); i++) {
                    counts[(int) values.nextOrd()]++;
                }
            }
        };
    }

    List<FacetValue> most(int size) throws IOException {
        var heads = new PriorityQueue<Values>();
        for (Values segment : segments) {
            if (segment.next()) {
                heads.add(segment);
            }
        }
        var best = new PriorityQueue<FacetValue>(MOST_FIRST.reversed());
        while (!heads.isEmpty()) {
            best.add(take(heads));
            if (best.size() > size) {
                best.remove();
            }
        }
        return best.stream().sorted(MOST_FIRST).toList();
    }

    /// The smallest value at the head of any segment, with its counts in all of them.
    private static FacetValue take(PriorityQueue<Values> heads) throws IOException {
        BytesRef value = BytesRef.deepCopyOf(heads.element().value);
        long count = 0;
        while (!heads.isEmpty() && heads.element().value.equals(value)) {
            Values head = heads.remove();
            count += head.counts[head.at];
            if (head.next()) {
                heads.add(head);
            }
        }
        return new FacetValue(value.utf8ToString(), count);
    }

    /// The counted values of one segment, in order.
    private static final class Values implements Comparable<Values> {
        private final SortedSetDocValues values;
        private final int[] counts;
        private int at = -1;
        private BytesRef value = new BytesRef();

        Values(SortedSetDocValues values, int[] counts) {
            this.values = values;
            this.counts = counts;
        }

        boolean next() throws IOException {
            do {
                at++;
            } while (at < counts.length && counts[at] == 0);
            if (at == counts.length) {
                return false;
            }
            value = BytesRef.deepCopyOf(values.lookupOrd(at));
            return true;
        }

        @Override
        public int compareTo(Values other) {
            return value.compareTo(other.value);
        }
    }
}
