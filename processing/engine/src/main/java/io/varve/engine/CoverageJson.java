package io.varve.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.event.Coverage;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// One coverage row as a JSON object; what is absent is null, so every row has every name.
public final class CoverageJson {
    private CoverageJson() {}

    public static void write(Coverage row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("evidence", row.evidence());
        text(json, "volume", row.volume());
        json.writeStringField("path", row.path());
        json.writeNumberField("size", row.size());
        text(json, "sha256", row.sha256());
        text(json, "parser", row.parser());
        text(json, "media_type", row.mediaType());
        json.writeStringField("status", row.status().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("found", row.found());
        json.writeNumberField("parsed", row.parsed());
        json.writeNumberField("rejected", row.rejected());
        json.writeNumberField("events", row.events());
        json.writeArrayFieldStart("warnings");
        for (Coverage.Warning warning : row.warnings()) {
            json.writeStartObject();
            json.writeFieldName("offset");
            if (warning.offset().isPresent()) {
                json.writeNumber(warning.offset().getAsLong());
            } else {
                json.writeNull();
            }
            json.writeStringField("reason", warning.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) throws IOException {
        json.writeFieldName(name);
        if (value.isPresent()) {
            json.writeString(value.get());
        } else {
            json.writeNull();
        }
    }
}
