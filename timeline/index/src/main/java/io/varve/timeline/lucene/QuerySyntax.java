package io.varve.timeline.lucene;

import io.varve.timeline.QueryException;
import java.util.regex.Pattern;

/// Makes what responders paste into Lucene's query syntax: paths, addresses, URLs and log lines hold `/`, `:`, `\` and
/// `!`, which Lucene would read as syntax. Each is escaped wherever it cannot be meant as syntax.
///
/// - `/` begins a regular expression only in `/…/` without another `/` or a space.
/// - `:` ends a field name only once in a word, after a name, and not in `http://` or `C:\`.
/// - `\` before a letter or digit is itself, so `C:\Windows` needs no doubling.
/// - `[`, `{`, `!`, `~`, `^` inside a word are themselves.
final class QuerySyntax {
    private static final int LONGEST = 4_000;
    private static final int DEEPEST = 50;
    private static final String SPECIAL = "+-&|!(){}[]^\"~*?:\\/ ";
    private static final Pattern NAME = Pattern.compile("[\\p{L}_@][\\p{L}\\p{N}_.@-]*|\\*");

    private final String in;
    private final StringBuilder out;
    /// Where the word at hand begins, and whether its field name was read.
    private int word;

    private boolean named;
    private int value;

    private QuerySyntax(String in) {
        this.in = in;
        this.out = new StringBuilder(in.length() + 16);
    }

    /// @throws QueryException when the text is too long or too deeply nested
    static String plain(String text) {
        if (text.length() > LONGEST) {
            throw new QueryException("the query has %d characters, %d are allowed".formatted(text.length(), LONGEST));
        }
        if (text.indexOf('\0') >= 0) {
            throw new QueryException("the query holds a NUL character");
        }
        var syntax = new QuerySyntax(text);
        syntax.run();
        return syntax.out.toString();
    }

    private void run() {
        int depth = 0;
        for (int i = 0; i < in.length(); ) {
            char c = in.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth > DEEPEST) {
                throw new QueryException("more than %d brackets are open at once".formatted(DEEPEST));
            }
            i = next(i, c);
        }
    }

    /// Copies what begins at `i`; says where the next thing begins.
    private int next(int i, char c) {
        return switch (c) {
            case '\\' -> backslash(i);
            case '"' -> quoted(i);
            case '/' -> slash(i);
            case ':' -> colon(i);
            case '[', '{' -> i == value ? range(i) : escape(i);
            case ']', '}' -> escape(i);
            case '!', '+', '-' -> i == word ? start(i) : c == '!' ? escape(i) : copy(i);
            case '~', '^' -> isSuffix(i) ? copy(i) : escape(i);
            case '(', ')' -> start(i);
            default -> Character.isWhitespace(c) ? start(i) : copy(i);
        };
    }

    private int copy(int i) {
        out.append(in.charAt(i));
        return i + 1;
    }

    private int escape(int i) {
        out.append('\\').append(in.charAt(i));
        return i + 1;
    }

    /// Copies a character after which a new word begins.
    private int start(int i) {
        out.append(in.charAt(i));
        word = i + 1;
        value = word;
        named = false;
        return i + 1;
    }

    private int backslash(int i) {
        boolean escapes = i + 1 < in.length() && SPECIAL.indexOf(in.charAt(i + 1)) >= 0;
        if (!escapes) {
            out.append("\\\\");
            return i + 1;
        }
        out.append('\\').append(in.charAt(i + 1));
        return i + 2;
    }

    private int quoted(int i) {
        out.append('"');
        int at = i + 1;
        while (at < in.length() && in.charAt(at) != '"') {
            boolean escapes = in.charAt(at) == '\\'
                    && at + 1 < in.length()
                    && (in.charAt(at + 1) == '"' || in.charAt(at + 1) == '\\');
            if (escapes) {
                out.append('\\').append(in.charAt(at + 1));
                at += 2;
                continue;
            }
            out.append(in.charAt(at) == '\\' ? "\\\\" : String.valueOf(in.charAt(at)));
            at++;
        }
        if (at >= in.length()) {
            throw new QueryException("a quotation mark is not closed");
        }
        out.append('"');
        return at + 1;
    }

    private int slash(int i) {
        int end = i == value ? endOfExpression(i) : -1;
        if (end < 0) {
            return escape(i);
        }
        out.append(in, i, end + 1);
        return end + 1;
    }

    private int endOfExpression(int start) {
        for (int i = start + 1; i < in.length() && !Character.isWhitespace(in.charAt(i)); i++) {
            if (in.charAt(i) == '\\') {
                i++;
                continue;
            }
            if (in.charAt(i) == '/') {
                boolean last =
                        i + 1 == in.length() || Character.isWhitespace(in.charAt(i + 1)) || in.charAt(i + 1) == ')';
                return last && i > start + 1 ? i : -1;
            }
        }
        return -1;
    }

    private int colon(int i) {
        String name = in.substring(word, i);
        boolean field = !named && NAME.matcher(name).matches() && isValue(name, i + 1);
        if (!field) {
            return escape(i);
        }
        named = true;
        value = i + 1;
        return copy(i);
    }

    private boolean isValue(String name, int i) {
        if (i >= in.length() || Character.isWhitespace(in.charAt(i))) {
            return false;
        }
        boolean drive = name.length() == 1 && (in.charAt(i) == '\\' || in.charAt(i) == '/');
        return !drive && !in.startsWith("//", i);
    }

    private int range(int i) {
        int end = i;
        while (end < in.length() && in.charAt(end) != ']' && in.charAt(end) != '}') {
            end++;
        }
        if (end == in.length()) {
            throw new QueryException("a range is not closed");
        }
        out.append(in, i, end + 1);
        return end + 1;
    }

    private boolean isSuffix(int i) {
        if (i == word) {
            return false;
        }
        int at = i + 1;
        while (at < in.length() && (Character.isDigit(in.charAt(at)) || in.charAt(at) == '.')) {
            at++;
        }
        boolean ends = at == in.length() || Character.isWhitespace(in.charAt(at)) || in.charAt(at) == ')';
        return ends && (in.charAt(i) == '~' || at > i + 1);
    }
}
