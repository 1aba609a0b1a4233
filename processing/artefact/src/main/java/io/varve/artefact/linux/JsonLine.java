package io.varve.artefact.linux;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One JSON object of a capture archive, read as flat values; objects inside it become dotted names.
final class JsonLine {
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.DEPTH)
                    .maxStringLength(Limits.LINE)
                    .build())
            .build();

    /// `2026-11-22T01:00:19`: what a time begins with when it is in the usual form.
    private static final int SECONDS_LENGTH = 19;

    private static final int LONGEST_KEY = 1_024;

    private final Map<String, Object> values = new HashMap<>();

    private JsonLine() {}

    /// @throws CorruptException when it is not one JSON object
    static JsonLine of(byte[] raw) {
        var line = new JsonLine();
        try (JsonParser json = JSON.createParser(raw)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new CorruptException("not a JSON object");
            }
            line.object(json, "");
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

    /// Depth is bounded by the parser's constraints.
    private void object(JsonParser json, String prefix) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_OBJECT) {
                object(json, name + ".");
            } else if (token == JsonToken.START_ARRAY) {
                values.put(name, array(json));
            } else if (token != JsonToken.VALUE_NULL) {
                values.put(name, json.getText());
            }
        }
    }

    /// Texts and numbers; what is nested deeper is left out.
    private static List<String> array(JsonParser json) throws IOException {
        var items = new ArrayList<String>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new CorruptException("broken JSON: array without an end");
            }
            if (token.isStructStart()) {
                json.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                items.add(json.getText());
            }
        }
        return items;
    }

    Optional<String> optional(String name) {
        return switch (values.get(name)) {
            case String text when !text.isEmpty() -> Optional.of(text);
            case List<?> list
            when !list.isEmpty() ->
                Optional.of(String.join(", ", list.stream().map(String::valueOf).toList()));
            case null, default -> Optional.empty();
        };
    }

    /// The text, or an empty one.
    String text(String name) {
        return optional(name).orElse("");
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> new CorruptException("no " + name));
    }

    List<String> list(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : optional(name).stream().toList();
    }

    Optional<Long> number(String name) {
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
    String key(String first, String... names) {
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

    boolean isTrue(String name) {
        return "true".equals(values.get(name));
    }

    /// An ISO 8601 time in UTC.
    Optional<EventTime> time(String name, Precision precision) {
        return optional(name).map(text -> {
            try {
                return usual(text, precision).orElseGet(() -> EventTime.utc(Instant.parse(text), precision));
            } catch (DateTimeException e) {
                throw new CorruptException("%s is not a time".formatted(name), e);
            }
        });
    }

    /// The form every line has; several times faster than the general parser, which manifests of a million lines feel.
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
