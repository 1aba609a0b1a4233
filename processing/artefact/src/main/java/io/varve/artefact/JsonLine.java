package io.varve.artefact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One JSON object, read as flat values: objects inside it become dotted names, and what lists of objects
/// hold becomes lists (`items.id` of `{"items":[{"id":1},{"id":2}]}` is 1 and 2).
///
/// A hostile object costs a bounded amount of memory: what is nested deeper than [#DEPTH], named longer
/// than [#LONGEST_NAME] or follows the first [#MOST_VALUES] values is left out, and readers say so.
public final class JsonLine {
    /// Objects and lists inside one another; records of clouds have 11.
    private static final int DEPTH = 32;

    private static final int LONGEST_NAME = 512;
    private static final int MOST_VALUES = 1 << 15;

    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(Limits.LINE).build())
            .build();

    /// `2026-11-22T01:00:19`: what a time begins with when it is in the usual form.
    private static final int SECONDS_LENGTH = 19;

    private static final int LONGEST_KEY = 1_024;

    /// The values of a list, in their order.
    private record Texts(List<String> all) {}

    /// By name: a text, or [Texts].
    private final Map<String, Object> values = new LinkedHashMap<>();

    private int count;
    private boolean isCut;

    private JsonLine() {}

    /// @throws CorruptException when it is not one JSON object
    public static JsonLine of(byte[] raw) {
        var line = new JsonLine();
        try (JsonParser json = JSON.createParser(raw)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new CorruptException("not a JSON object");
            }
            line.object(json, "", new Place(1, false));
            if (json.nextToken() != null) {
                throw new CorruptException("more than one JSON object");
            }
            return line;
        } catch (JsonProcessingException e) {
            throw new CorruptException("broken JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CorruptException("broken JSON: " + e, e);
        }
    }

    /// How deep a value lies, and whether in a list, where its name can come again.
    private record Place(int depth, boolean listed) {
        Place inObject() {
            return new Place(depth + 1, listed);
        }

        Place inList() {
            return new Place(depth + 1, true);
        }
    }

    private void object(JsonParser json, String prefix, Place place) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean kept =
                    count < MOST_VALUES && prefix.length() + json.currentName().length() <= LONGEST_NAME;
            String name = kept ? prefix + json.currentName() : "";
            JsonToken token = json.nextToken();
            if (kept) {
                value(json, token, name, place);
            } else {
                leaveOut(json);
            }
        }
    }

    private void leaveOut(JsonParser json) throws IOException {
        isCut = true;
        json.skipChildren();
    }

    private void list(JsonParser json, String name, Place place) throws IOException {
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new CorruptException("broken JSON: array without an end");
            }
            value(json, token, name, place);
        }
    }

    private void value(JsonParser json, JsonToken token, String name, Place place) throws IOException {
        if (token.isStructStart() && place.depth() == DEPTH || count >= MOST_VALUES) {
            leaveOut(json);
        } else if (token == JsonToken.START_OBJECT) {
            object(json, name + ".", place.inObject());
        } else if (token == JsonToken.START_ARRAY) {
            list(json, name, place.inList());
        } else if (token != JsonToken.VALUE_NULL) {
            put(name, json.getText(), place);
        }
    }

    private void put(String name, String text, Place place) {
        count++;
        if (!place.listed()) {
            values.put(name, text);
            return;
        }
        if (values.get(name) instanceof Texts texts) {
            texts.all().add(text);
            return;
        }
        var texts = new Texts(new ArrayList<>());
        texts.all().add(text);
        values.put(name, texts);
    }

    /// Whether something of the object was left out.
    boolean isCut() {
        return isCut;
    }

    public Optional<String> optional(String name) {
        return switch (values.get(name)) {
            case String text when !text.isEmpty() -> Optional.of(text);
            case Texts texts -> Optional.of(String.join(", ", texts.all()));
            case null, default -> Optional.empty();
        };
    }

    /// The text, or an empty one.
    public String text(String name) {
        return optional(name).orElse("");
    }

    public String required(String name) {
        return optional(name).orElseThrow(() -> new CorruptException("no " + name));
    }

    public List<String> list(String name) {
        return values.get(name) instanceof Texts texts
                ? List.copyOf(texts.all())
                : optional(name).stream().toList();
    }

    /// Names of all values, in their order.
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public Optional<Long> number(String name) {
        if (!(values.get(name) instanceof String text) || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new CorruptException("%s is not a number".formatted(name), e);
        }
    }

    /// A name for the record made of values; a very long one ends in a digest of all of it.
    public String key(String first, String... names) {
        var key = new StringBuilder(first);
        for (String name : names) {
            key.append('|').append(text(name));
        }
        if (key.length() <= LONGEST_KEY) {
            return key.toString();
        }
        byte[] whole = key.toString().getBytes(StandardCharsets.UTF_8);
        return key.substring(0, LONGEST_KEY) + "…"
                + RecordLocator.bytes(whole.length, whole).key();
    }

    public boolean isTrue(String name) {
        return "true".equals(values.get(name));
    }

    /// An ISO 8601 time in UTC.
    public Optional<EventTime> time(String name, Precision precision) {
        return optional(name).map(text -> {
            try {
                return usual(text, precision).orElseGet(() -> EventTime.utc(Instant.parse(text), precision));
            } catch (DateTimeException e) {
                throw new CorruptException("%s is not a time".formatted(name), e);
            }
        });
    }

    /// The form every line has; several times faster than the general parser, which manifests of a million
    /// lines feel.
    private static Optional<EventTime> usual(String text, Precision precision) {
        int last = text.length() - 1;
        boolean fits = last >= SECONDS_LENGTH && last <= SECONDS_LENGTH + 10 && text.charAt(last) == 'Z';
        if (!fits || text.charAt(4) != '-' || text.charAt(10) != 'T' || text.charAt(13) != ':') {
            return Optional.empty();
        }
        int nanos = 0;
        if (last > SECONDS_LENGTH) {
            int digits = last - SECONDS_LENGTH - 1;
            nanos = digits(text, SECONDS_LENGTH + 1, last);
            for (int i = digits; i < 9; i++) {
                nanos *= 10;
            }
        }
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        if (text.charAt(16) != ':' || hour > 23 || minute > 59 || second > 59) {
            return Optional.empty();
        }
        long day = LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
                .toEpochDay();
        return Optional.of(EventTime.utc(day * 86_400 + hour * 3_600 + minute * 60 + second, nanos, precision));
    }

    private static int digits(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("not a digit");
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
