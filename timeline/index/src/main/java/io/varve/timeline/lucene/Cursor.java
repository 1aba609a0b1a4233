package io.varve.timeline.lucene;

import io.varve.timeline.QueryException;
import io.varve.timeline.Search;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.apache.lucene.search.FieldDoc;

/// Where a page ended: order, time and event id. Opaque to callers, checked when it comes back.
final class Cursor {
    private static final byte VERSION = 1;
    private static final int SIZE = 2 + 3 * Long.BYTES;

    private Cursor() {}

    static String of(FieldDoc last, Search.Order order) {
        var bytes = ByteBuffer.allocate(SIZE).put(VERSION).put((byte) order.ordinal());
        for (Object value : last.fields) {
            bytes.putLong((Long) value);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static FieldDoc read(String text, Search.Order order) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.capacity() == SIZE && bytes.get() == VERSION && bytes.get() == order.ordinal()) {
                Object[] values = {bytes.getLong(), bytes.getLong(), bytes.getLong()};
                return new FieldDoc(Integer.MAX_VALUE, Float.NaN, values);
            }
        } catch (IllegalArgumentException e) {
            throw new QueryException("not a cursor of this search", e);
        }
        throw new QueryException("not a cursor of this search");
    }
}
