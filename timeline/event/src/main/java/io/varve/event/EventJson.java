package io.varve.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The event as one line of JSON: what `process` writes, what segments hold, what the index stores.
///
/// Absent parts are left out, except `timestamp`, which is null in the undated lane. A time outside years 1 to 9999 is
/// kept as `original` of an undated event.
public final class EventJson {
    /// Longest string read back: events are cut to this by their parsers' limits long before.
    private static final int LONGEST_STRING = 64 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_STRING)
                    .maxNestingDepth(20)
                    .build())
            .build();

    private EventJson() {}

    public static String write(TimelineEvent event) {
        var text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(event, json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /// Writes one object at the generator's position.
    public static void write(TimelineEvent event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", event.id());
        json.writeStringField("record", event.record());
        Optional<EventTime> dated = event.time().filter(EventTime::isDated);
        json.writeFieldName("timestamp");
        json.writeString(dated.map(EventTime::iso).orElse(null));
        json.writeStringField("timestamp_desc", event.timestampDesc());
        if (event.time().isPresent()) {
            EventTime time = event.time().get();
            json.writeStringField("precision", lower(time.precision()));
            json.writeStringField("zone_source", lower(time.zoneSource()));
            optional(
                    json,
                    "original",
                    time.original().or(() -> dated.isPresent() ? Optional.empty() : Optional.of(time.iso())));
            json.writeBooleanField("inferred", time.inferred());
        }
        json.writeStringField("data_type", event.dataType());
        json.writeStringField("parser", event.parser());
        json.writeStringField("message", event.message());
        optional(json, "host", event.host());
        optional(json, "user", event.user());
        json.writeFieldName("location");
        write(event.location(), json);
        json.writeObjectFieldStart("fields");
        for (Map.Entry<String, Object> field : event.fields().entrySet()) {
            json.writeFieldName(field.getKey());
            value(json, field.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(Location location, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("evidence", location.evidence());
        optional(json, "volume", location.volume());
        json.writeStringField("path", location.path());
        optional(json, "stream", location.stream());
        optional(json, "inode", location.inode());
        optional(json, "offset", location.offset());
        optional(json, "record", location.record());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    private static void optional(JsonGenerator json, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        }
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case String text -> json.writeString(text);
            case Boolean flag -> json.writeBoolean(flag);
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case List<?> list -> {
                json.writeStartArray();
                for (Object item : list) {
                    value(json, item);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Reads back one line. Unknown names are skipped.
    public static TimelineEvent read(String line) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            return event(object(json));
        }
    }

    private static TimelineEvent event(Map<String, Object> json) {
        return new TimelineEvent(
                text(json, "id"),
                text(json, "record"),
                time(json),
                text(json, "timestamp_desc"),
                text(json, "data_type"),
                text(json, "parser"),
                text(json, "message"),
                optionalText(json, "host"),
                optionalText(json, "user"),
                location(map(json, "location")),
                map(json, "fields"));
    }

    private static Optional<EventTime> time(Map<String, Object> json) {
        Optional<String> precision = optionalText(json, "precision");
        Optional<Instant> instant = optionalText(json, "timestamp").map(Instant::parse);
        if (precision.isEmpty() || instant.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EventTime(
                instant.get().getEpochSecond(),
                instant.get().getNano(),
                Precision.valueOf(upper(precision.get())),
                ZoneSource.valueOf(upper(text(json, "zone_source"))),
                optionalText(json, "original"),
                Boolean.TRUE.equals(json.get("inferred"))));
    }

    private static Location location(Map<String, Object> json) {
        return new Location(
                text(json, "evidence"),
                optionalText(json, "volume"),
                text(json, "path"),
                optionalText(json, "stream"),
                number(json, "inode"),
                number(json, "offset"),
                optionalText(json, "record"));
    }

    private static String upper(String value) {
        return value.toUpperCase(java.util.Locale.ROOT);
    }

    private static String text(Map<String, Object> json, String name) {
        return optionalText(json, name).orElseThrow(() -> new IllegalArgumentException("event without " + name));
    }

    private static Optional<String> optionalText(Map<String, Object> json, String name) {
        return Optional.ofNullable(json.get(name)).map(Object::toString);
    }

    private static OptionalLong number(Map<String, Object> json, String name) {
        return json.get(name) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> json, String name) {
        return json.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        var map = new LinkedHashMap<String, Object>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            Object value = any(json);
            if (value != null) {
                map.put(name, value);
            }
        }
        return map;
    }

    private static @Nullable Object any(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    Object item = any(json);
                    if (item != null) {
                        list.add(item);
                    }
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> json.getText();
        };
    }
}
