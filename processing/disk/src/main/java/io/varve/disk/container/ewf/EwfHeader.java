package io.varve.disk.container.ewf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;

/// What an image says of its acquisition: compressed text, one line of keys and one of values, separated by tabs.
final class EwfHeader {
    /// Most bytes of such a section, and of its text.
    static final int LONGEST = 1 << 20;

    private static final int LONGEST_VALUE = 500;

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("c", "case number"),
            Map.entry("cn", "case number"),
            Map.entry("n", "evidence number"),
            Map.entry("en", "evidence number"),
            Map.entry("a", "description"),
            Map.entry("nm", "description"),
            Map.entry("e", "examiner"),
            Map.entry("ex", "examiner"),
            Map.entry("t", "notes"),
            Map.entry("nt", "notes"),
            Map.entry("md", "model"),
            Map.entry("sn", "serial number"),
            Map.entry("l", "label"),
            Map.entry("lb", "label"),
            Map.entry("av", "acquired with version"),
            Map.entry("ov", "acquired on"),
            Map.entry("os", "acquired on"),
            Map.entry("m", "acquired at"),
            Map.entry("at", "acquired at"),
            Map.entry("u", "system time"),
            Map.entry("tt", "system time"));

    private static final Pattern HASH =
            Pattern.compile("<(MD5|SHA1|SHA256)>\\s*([0-9a-fA-F]{32,64})\\s*</", Pattern.CASE_INSENSITIVE);

    private EwfHeader() {}

    /// Adds a note for each known value that is set; the same value twice is one note.
    static void notes(byte[] compressed, List<String> notes) {
        Optional<String> text = inflated(compressed);
        if (text.isPresent()) {
            values(text.get()).forEach((key, value) -> {
                String name = NAMES.get(key);
                String note = name + ": " + value;
                if (name != null && notes.stream().noneMatch(known -> known.startsWith(name + ": "))) {
                    notes.add(note);
                }
            });
        }
    }

    /// The values of the first object in the text by their keys.
    static Map<String, String> values(String text) {
        String[] lines = text.split("\r?\n", 5);
        if (lines.length < 4) {
            return Map.of();
        }
        String[] keys = lines[2].split("\t", -1);
        String[] values = lines[3].split("\t", -1);
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < Math.min(keys.length, values.length); i++) {
            String value = values[i].strip();
            if (!value.isEmpty()) {
                found.put(keys[i], value.substring(0, Math.min(LONGEST_VALUE, value.length())));
            }
        }
        return found;
    }

    static void digests(byte[] compressed, Map<String, String> digests) {
        Matcher matcher = HASH.matcher(inflated(compressed).orElse(""));
        while (matcher.find()) {
            digests.put(
                    matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2).toLowerCase(Locale.ROOT));
        }
    }

    static Optional<String> inflated(byte[] compressed) {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            return Optional.of(text(in.readNBytes(LONGEST)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static String text(byte[] raw) {
        boolean marked = raw.length > 1 && ((raw[0] & 0xff) == 0xff || (raw[0] & 0xff) == 0xfe);
        Charset charset = marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        return new String(raw, charset);
    }
}
