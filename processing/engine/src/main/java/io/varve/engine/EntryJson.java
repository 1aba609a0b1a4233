package io.varve.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.disk.Entry;
import io.varve.disk.Entry.Origin;
import io.varve.disk.Entry.Times;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One name in evidence as the JSON object that `files` writes and the file explorer shows: what is absent is left out.
public final class EntryJson {
    private EntryJson() {}

    /// @param size of the content, which may be better known than the entry states
    /// @param digests by algorithm
    public static void write(Entry entry, long size, Map<String, String> digests, JsonGenerator json)
            throws IOException {
        Optional<Origin> origin = entry.origin();
        json.writeStartObject();
        json.writeStringField("path", entry.path());
        text(json, "volume", entry.volume());
        text(json, "filesystem", origin.map(Origin::fileSystem));
        number(json, "inode", entry.inode());
        json.writeStringField("type", entry.type().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("size", size);
        json.writeBooleanField("allocated", entry.allocated());
        if (entry.mode().isPresent()) {
            json.writeStringField("mode", octal(entry.mode().getAsInt()));
        }
        number(json, "uid", entry.uid());
        number(json, "gid", entry.gid());
        times(json, "", entry.times());
        text(json, "target", entry.target());
        Optional<Times> names = origin.flatMap(Origin::nameTimes);
        if (names.isPresent()) {
            times(json, "fn_", names.get());
        }
        for (Map.Entry<String, String> digest : digests.entrySet()) {
            json.writeStringField(digest.getKey(), digest.getValue());
        }
        json.writeEndObject();
    }

    private static void times(JsonGenerator json, String prefix, Times times) throws IOException {
        text(json, prefix + "mtime", times.modified().map(EventTime::iso));
        text(json, prefix + "atime", times.accessed().map(EventTime::iso));
        text(json, prefix + "ctime", times.changed().map(EventTime::iso));
        text(json, prefix + "crtime", times.created().map(EventTime::iso));
    }

    /// At least four digits, as `chmod` takes it.
    private static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    private static void number(JsonGenerator json, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        }
    }
}
