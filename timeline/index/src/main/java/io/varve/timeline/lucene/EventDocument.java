package io.varve.timeline.lucene;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.varve.timeline.FacetValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.util.BytesRef;

/// One event as Lucene keeps it, made from its line of JSON.
final class EventDocument {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(64 << 20)
                    .maxNestingDepth(20)
                    .build())
            .build();
    private static final FieldType TERM = type(IndexOptions.DOCS);
    private static final FieldType WORDS = type(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    /// Parts of the location that differ for every event: terms that cost much and that nobody searches for.
    private static final Set<String> UNSEARCHED = Set.of("offset", "record");

    private static final int LONGEST_FACET = 1_000;

    final List<IndexableField> fields = new ArrayList<>(40);
    private final StringBuilder values = new StringBuilder(256);
    private String message = "";
    private Optional<BytesRef> id = Optional.empty();
    private boolean hasRecord;
    private boolean hasMessage;
    private boolean dated;

    private EventDocument() {}

    /// @throws IllegalArgumentException when the line is not an event
    static EventDocument of(String line) {
        var document = new EventDocument();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an event: no JSON object");
            }
            document.read(json);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("not an event: more than one JSON value on the line");
            }
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("not an event: " + e.getMessage(), e);
        }
        document.finish(line);
        return document;
    }

    BytesRef id() {
        return id.orElseThrow();
    }

    private void read(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id(text(json));
                case "record" -> record(text(json));
                case "timestamp" -> time(json);
                case "message" -> message(text(json));
                case "host", "user" -> value(name, json, Words.YES);
                case "data_type", "parser", "timestamp_desc", "precision", "zone_source", "inferred" ->
                    value(name, json, Words.NO);
                case "location" -> location(json);
                case "fields" -> value("", json, Words.YES);
                default -> json.skipChildren();
            }
        }
    }

    private static String text(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new IllegalArgumentException("not an event: " + json.currentName() + " is not a text");
        }
        return json.getText();
    }

    private void id(String text) {
        BytesRef bytes = identity("id", text);
        id = Optional.of(bytes);
        fields.add(new Field(IndexFields.ID, bytes, TERM));
        long[] halves = IndexFields.halves(bytes);
        fields.add(new NumericDocValuesField(IndexFields.TIE_HIGH, halves[0]));
        fields.add(new NumericDocValuesField(IndexFields.TIE_LOW, halves[1]));
    }

    private void record(String text) {
        hasRecord = true;
        fields.add(new Field(IndexFields.RECORD, identity("record", text), TERM));
    }

    private static BytesRef identity(String what, String text) {
        if (text.isEmpty() || text.length() > IndexFields.LONGEST_NAME) {
            throw new IllegalArgumentException("not an event: " + what + " of " + text.length() + " characters");
        }
        return IndexFields.identity(text);
    }

    private void time(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        long ticks = Ticks.of(Instant.parse(text(json)));
        dated = true;
        fields.add(new LongPoint(IndexFields.TIME, ticks));
        fields.add(new NumericDocValuesField(IndexFields.TIME, ticks));
    }

    private void message(String text) {
        hasMessage = true;
        message = text;
        fields.add(new Field(IndexFields.MESSAGE, text, WORDS));
    }

    private void location(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (!UNSEARCHED.contains(name)) {
                value("location." + name, json, name.equals("path") ? Words.YES : Words.NO);
            }
        }
    }

    /// Whether a bare word in a question finds the value.
    private enum Words {
        YES,
        NO
    }

    /// Takes the value at the parser, whatever it is; objects in it give dotted names.
    private void value(String name, JsonParser json, Words words) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String inner = json.currentName();
                    json.nextToken();
                    value(name.isEmpty() ? inner : name + "." + inner, json, words);
                }
            }
            case START_ARRAY -> {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    value(name, json, words);
                }
            }
            case VALUE_NULL -> {}
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                fields.add(new Field(IndexFields.NUMBERS, IndexFields.number(name, json.getDoubleValue()), TERM));
                keyword(name, json.getText(), words);
            }
            default -> keyword(name, json.getText(), words);
        }
    }

    private void keyword(String name, String value, Words words) {
        fields.add(new Field(IndexFields.KEYWORDS, IndexFields.keyword(name, value), TERM));
        if (words == Words.YES) {
            values.append(value).append(EventAnalyzer.BETWEEN_VALUES);
        }
        if (FacetValue.FIELDS.contains(name)) {
            String cut = IndexFields.cut(value, LONGEST_FACET);
            fields.add(new SortedSetDocValuesField(IndexFields.FACET + name, new BytesRef(cut)));
        }
    }

    private void finish(String line) {
        if (id.isEmpty() || !hasRecord || !hasMessage) {
            throw new IllegalArgumentException("not an event: id, record or message is missing");
        }
        if (!dated) {
            fields.add(new Field(IndexFields.KEYWORDS, IndexFields.keyword(IndexFields.UNDATED, "true"), TERM));
        }
        String words = wordsBeyondMessage();
        if (!words.isEmpty()) {
            fields.add(new Field(IndexFields.VALUES, words, WORDS));
        }
        fields.add(new StoredField(IndexFields.SOURCE, line.getBytes(StandardCharsets.UTF_8)));
    }

    /// The values that do not stand in the message word for word: those need not be indexed twice.
    private String wordsBeyondMessage() {
        var words = new StringBuilder(values.length());
        for (int start = 0; start < values.length(); ) {
            int end = values.indexOf(String.valueOf(EventAnalyzer.BETWEEN_VALUES), start);
            String value = values.substring(start, end);
            if (!message.contains(value) || !isWhole(value)) {
                words.append(value).append(EventAnalyzer.BETWEEN_VALUES);
            }
            start = end + 1;
        }
        return words.toString();
    }

    private boolean isWhole(String value) {
        int start = message.indexOf(value);
        int end = start + value.length();
        return (start == 0 || message.charAt(start - 1) == ' ')
                && (end == message.length() || message.charAt(end) == ' ');
    }

    private static FieldType type(IndexOptions options) {
        var type = new FieldType();
        type.setIndexOptions(options);
        type.setTokenized(options != IndexOptions.DOCS);
        type.setOmitNorms(true);
        type.freeze();
        return type;
    }
}
