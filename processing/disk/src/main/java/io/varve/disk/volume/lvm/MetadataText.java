package io.varve.disk.volume.lvm;

import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The text form of LVM2 metadata: `name { … }`, `key = value`, `#` comments; values are numbers, quoted text and
/// lists.
///
/// Source: `libdm/libdm-config.c` of LVM2 for the grammar, its `man lvm.conf` for the form.
final class MetadataText {
    /// Most bytes of text.
    static final int LONGEST = 16 << 20;

    /// Most values and sections.
    private static final int VALUES = 1 << 20;

    private static final int DEPTH = 16;
    private static final String ENDS = "={}[],#\"";

    private final String text;
    private int position;
    private int values;

    private MetadataText(String text) {
        this.text = text;
    }

    static Section parse(byte[] raw) {
        int length = Limits.check(raw.length, LONGEST, "LVM2 metadata text");
        return new MetadataText(new String(raw, 0, length, StandardCharsets.UTF_8)).section("text", 0);
    }

    /// Only the first section, which is the volume group; what follows it is not looked at.
    static Section parseFirst(byte[] raw) {
        var parser = new MetadataText(new String(raw, StandardCharsets.UTF_8));
        var root = new Section("text");
        parser.entry(root, 0);
        return root;
    }

    private Section section(String name, int depth) {
        var section = new Section(name);
        Limits.check(values++, VALUES, "number of sections in LVM2 metadata");
        Limits.check(depth, DEPTH, "depth of LVM2 metadata at " + position);
        while (true) {
            blank();
            if (done()) {
                if (depth > 0) {
                    throw damaged("section " + name + " does not end");
                }
                return section;
            }
            if (text.charAt(position) == '}') {
                if (depth == 0) {
                    throw damaged("a section ends that did not begin");
                }
                position++;
                return section;
            }
            entry(section, depth);
        }
    }

    private void entry(Section into, int depth) {
        blank();
        String key = !done() && text.charAt(position) == '"' ? quoted() : word();
        blank();
        if (take('{')) {
            into.values().putIfAbsent(key, section(key, depth + 1));
            return;
        }
        if (!take('=')) {
            throw damaged("neither { nor = behind " + key);
        }
        into.values().putIfAbsent(key, value());
    }

    private Object value() {
        blank();
        if (!take('[')) {
            return single();
        }
        List<Object> list = new ArrayList<>();
        while (true) {
            blank();
            if (take(']')) {
                return list;
            }
            if (!take(',')) {
                list.add(single());
            }
        }
    }

    private Object single() {
        Limits.check(values++, VALUES, "number of values in LVM2 metadata");
        if (done()) {
            throw damaged("a value is missing");
        }
        if (text.charAt(position) == '"') {
            return quoted();
        }
        String word = word();
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            // a fraction or a bare word
            return word;
        }
    }

    private String quoted() {
        var value = new StringBuilder();
        for (position++; !done(); position++) {
            char next = text.charAt(position);
            if (next == '"') {
                position++;
                return value.toString();
            }
            boolean escaped = next == '\\' && position + 1 < text.length();
            value.append(escaped ? text.charAt(++position) : next);
        }
        throw damaged("quoted text does not end");
    }

    private String word() {
        int start = position;
        while (!done() && text.charAt(position) > ' ' && ENDS.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        if (position == start) {
            throw damaged("a name is missing");
        }
        return text.substring(start, position);
    }

    private void blank() {
        while (!done()) {
            char next = text.charAt(position);
            if (next == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (next <= ' ' && next != 0) {
                position++;
            } else {
                return;
            }
        }
    }

    private boolean take(char wanted) {
        if (done() || text.charAt(position) != wanted) {
            return false;
        }
        position++;
        return true;
    }

    /// The text ends with a zero byte, or where it is cut.
    private boolean done() {
        return position >= text.length() || text.charAt(position) == 0;
    }

    private CorruptException damaged(String what) {
        return new CorruptException("LVM2 metadata at character %d: %s".formatted(position, what));
    }
}
