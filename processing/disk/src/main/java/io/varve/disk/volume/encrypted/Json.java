package io.varve.disk.volume.encrypted;

import io.varve.binary.CorruptException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The JSON of a LUKS2 header (RFC 8259), read once: objects, arrays and values as text. Depth is bounded, and the
/// header's size bounds the rest.
///
/// @param text the value; empty for objects and arrays
/// @param members of an object by name, of an array by index
record Json(String where, String text, Map<String, Json> members) {
    private static final int DEPTH = 32;

    static Json of(byte[] bytes, String where) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new Reader(new String(bytes, 0, end, StandardCharsets.UTF_8), where).whole();
    }

    Optional<Json> at(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /// A member that the format requires.
    Json need(String name) {
        return at(name).orElseThrow(() -> new CorruptException("%s has no %s".formatted(where, name)));
    }

    /// A number, whether written as one or as a string.
    ///
    /// @param most largest that is taken
    long number(long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below with its place
        }
        throw new CorruptException("%s is %s, allowed are 0 to %d".formatted(where, Printable.text(text), most));
    }

    /// Whether an array or object holds this value.
    boolean holds(String value) {
        return members.values().stream().anyMatch(member -> member.text.equals(value));
    }

    private static final class Reader {
        private final String json;
        private final String where;
        private int position;

        Reader(String json, String where) {
            this.json = json;
            this.where = where;
        }

        Json whole() {
            Json value = value(where, 0);
            space();
            if (position < json.length()) {
                throw corrupt("more after the end");
            }
            return value;
        }

        private Json value(String path, int depth) {
            if (depth > DEPTH) {
                throw corrupt("deeper than " + DEPTH);
            }
            space();
            return switch (peek()) {
                case '{' -> object(path, depth);
                case '[' -> array(path, depth);
                case '"' -> new Json(path, string(), Map.of());
                default -> new Json(path, word(), Map.of());
            };
        }

        private Json object(String path, int depth) {
            var members = new LinkedHashMap<String, Json>();
            position++;
            space();
            while (peek() != '}') {
                String name = string();
                space();
                expect(':');
                members.put(name, value(path + "." + name, depth + 1));
                next('}');
            }
            position++;
            return new Json(path, "", members);
        }

        private Json array(String path, int depth) {
            var members = new LinkedHashMap<String, Json>();
            position++;
            space();
            while (peek() != ']') {
                String name = Integer.toString(members.size());
                members.put(name, value(path + "." + name, depth + 1));
                next(']');
            }
            position++;
            return new Json(path, "", members);
        }

        /// Past a comma, or to the closing character.
        private void next(char close) {
            space();
            if (peek() != close) {
                expect(',');
                space();
                if (peek() == close) {
                    throw corrupt("a comma before " + close);
                }
            }
        }

        private String string() {
            expect('"');
            var text = new StringBuilder();
            while (peek() != '"') {
                char c = json.charAt(position++);
                text.append(c == '\\' ? escaped() : c);
            }
            position++;
            return text.toString();
        }

        private char escaped() {
            char c = peek();
            position++;
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> unicode();
                default -> c;
            };
        }

        private char unicode() {
            if (position + 4 > json.length()) {
                throw corrupt("cut escape");
            }
            try {
                char c = (char) Integer.parseInt(json, position, position + 4, 16);
                position += 4;
                return c;
            } catch (NumberFormatException e) {
                throw corrupt("bad escape");
            }
        }

        /// A number, true, false or null.
        private String word() {
            int start = position;
            while (position < json.length() && "+-.0123456789Eaeflnrstu".indexOf(json.charAt(position)) >= 0) {
                position++;
            }
            if (position == start) {
                throw corrupt("no value");
            }
            return json.substring(start, position);
        }

        private char peek() {
            if (position >= json.length()) {
                throw corrupt("cut");
            }
            return json.charAt(position);
        }

        private void expect(char c) {
            if (peek() != c) {
                throw corrupt("no " + c);
            }
            position++;
        }

        private void space() {
            while (position < json.length() && " \t\r\n".indexOf(json.charAt(position)) >= 0) {
                position++;
            }
        }

        private CorruptException corrupt(String problem) {
            return new CorruptException("%s is no JSON: %s at character %d".formatted(where, problem, position));
        }
    }
}
