package io.varve.engine;

import io.varve.disk.Entry;
import io.varve.disk.Entry.Origin;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One name in evidence as the JSON object that `files` writes and the file explorer shows: what is absent is left out.
public final class EntryJson {
    private static final Map<Type, String> TYPES = new EnumMap<>(Type.class);

    static {
        for (Type type : Type.values()) {
            TYPES.put(type, type.name().toLowerCase(Locale.ROOT));
        }
    }

    private EntryJson() {}

    /// @param size of the content, which may be better known than the entry states
    /// @param digests by algorithm
    public static void write(Entry entry, long size, Map<String, String> digests, JsonText json) {
        json.begin();
        json.text("path", entry.path());
        if (entry.volume().isPresent()) {
            json.text("volume", entry.volume().get());
        }
        Optional<Origin> origin = entry.origin();
        if (origin.isPresent()) {
            json.text("filesystem", origin.get().fileSystem());
        }
        if (entry.inode().isPresent()) {
            json.number("inode", entry.inode().getAsLong());
        }
        json.text("type", TYPES.getOrDefault(entry.type(), ""));
        json.number("size", size);
        json.flag("allocated", entry.allocated());
        if (entry.mode().isPresent()) {
            json.text("mode", octal(entry.mode().getAsInt()));
        }
        if (entry.uid().isPresent()) {
            json.number("uid", entry.uid().getAsLong());
        }
        if (entry.gid().isPresent()) {
            json.number("gid", entry.gid().getAsLong());
        }
        Times times = entry.times();
        time(json, "mtime", times.modified());
        time(json, "atime", times.accessed());
        time(json, "ctime", times.changed());
        time(json, "crtime", times.created());
        if (entry.target().isPresent()) {
            json.text("target", entry.target().get());
        }
        if (origin.isPresent() && origin.get().nameTimes().isPresent()) {
            Times names = origin.get().nameTimes().get();
            time(json, "fn_mtime", names.modified());
            time(json, "fn_atime", names.accessed());
            time(json, "fn_ctime", names.changed());
            time(json, "fn_crtime", names.created());
        }
        if (!digests.isEmpty()) {
            digests.forEach(json::text);
        }
        json.end();
    }

    private static void time(JsonText json, String name, Optional<EventTime> time) {
        if (time.isPresent()) {
            json.time(name, time.get());
        }
    }

    /// At least four digits, as `chmod` takes it.
    private static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }
}
