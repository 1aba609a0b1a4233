package io.varve.timeline;

/// Writes query language from untrusted values, for links that a person then opens and edits.
///
/// Code that only wants an answer uses [Match] instead.
public final class QueryText {
    private QueryText() {}

    /// The value as a quoted phrase: nothing in it is read as syntax.
    public static String quote(String value) {
        var text = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(Character.isISOControl(c) ? ' ' : c);
        }
        return text.append('"').toString();
    }

    /// `name:"value"` for a name of the event schema.
    ///
    /// @throws IllegalArgumentException when the name holds anything but letters, digits, `.`, `_`, `@` and `-`
    public static String is(String field, String value) {
        if (!field.matches("[A-Za-z0-9._@-]+")) {
            throw new IllegalArgumentException("not a field name: " + field);
        }
        return field + ":" + quote(value);
    }
}
