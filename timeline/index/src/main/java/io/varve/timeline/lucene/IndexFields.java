package io.varve.timeline.lucene;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;

/// The fields of the Lucene index, and how values become terms. A fixed set: field names come from evidence and would
/// otherwise make the index grow without bound.
///
/// Every keyword value, of whatever field, is one term `name NUL value` of [#KEYWORDS] in lower case; numbers are in
/// [#NUMBERS] too, in an order that ranges can use. Terms are cut, the stored event is not.
final class IndexFields {
    static final String ID = "id";
    static final String RECORD = "record";
    /// Ticks of 100 nanoseconds since 1970, absent for undated events: years 1 to 9999 fit.
    static final String TIME = "time";
    /// The first and second half of the event id, which break ties between equal times.
    static final String TIE_HIGH = "tie_high";

    static final String TIE_LOW = "tie_low";
    static final String MESSAGE = "message";
    /// Words of field values that the message does not already hold.
    static final String VALUES = "values";

    static final String KEYWORDS = "keywords";
    static final String NUMBERS = "numbers";
    static final String SOURCE = "source";
    static final String UNDATED = "undated";
    static final String FACET = "facet.";

    /// Longest indexed part of a keyword value and of a field name, in characters (at most three bytes each: Lucene
    /// takes terms up to 32,766 bytes).
    static final int LONGEST_VALUE = 8_000;

    static final int LONGEST_NAME = 500;
    static final char SEPARATOR = '\0';
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

    private IndexFields() {}

    static BytesRef keyword(String name, String value) {
        return new BytesRef(prefix(name) + lower(value));
    }

    static Term keywordTerm(String name, String value) {
        return new Term(KEYWORDS, keyword(name, value));
    }

    /// What every keyword term of the field begins with.
    static String prefix(String name) {
        String plain = cut(name, LONGEST_NAME).replace(SEPARATOR, '\ufffd');
        return plain.toLowerCase(Locale.ROOT) + SEPARATOR;
    }

    static String lower(String value) {
        return cut(value, LONGEST_VALUE).toLowerCase(Locale.ROOT);
    }

    static BytesRef number(String name, double value) {
        BytesRef start = new BytesRef(prefix(name));
        byte[] term = new byte[start.length + Long.BYTES];
        System.arraycopy(start.bytes, start.offset, term, 0, start.length);
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(value), term, start.length);
        return new BytesRef(term);
    }

    /// Hashes as their 16 bytes, anything else as its text.
    static BytesRef identity(String hash) {
        return HASH.matcher(hash).matches() ? new BytesRef(HexFormat.of().parseHex(hash)) : new BytesRef(hash);
    }

    /// The first 16 bytes of an identity as two numbers, for breaking ties and for Bloom filters.
    static long[] halves(BytesRef identity) {
        ByteBuffer whole = ByteBuffer.allocate(2 * Long.BYTES);
        whole.put(identity.bytes, identity.offset, Math.min(identity.length, whole.capacity()));
        return new long[] {whole.getLong(0), whole.getLong(Long.BYTES)};
    }

    /// At most so many characters, never half of a surrogate pair.
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
