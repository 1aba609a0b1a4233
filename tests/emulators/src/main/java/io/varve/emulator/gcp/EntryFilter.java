package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of Cloud Logging's query language that compares fields: `=`, `!=`, `<`, `<=`, `>`, `>=` and `:`,
/// with `NOT`, `OR` and `AND` (which bind in this order), and parentheses. Texts are compared without regard
/// to case. What it does not know is refused.
final class EntryFilter {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(\"(?:[^\"\\\\]|\\\\.)*\")|(>=|<=|!=|[=<>:().])|([\\w*/%@+-]+))");
    private static final int DEEPEST = 50;

    private final List<String> tokens;
    private int at;
    private int depth;

    private EntryFilter(List<String> tokens) {
        this.tokens = tokens;
    }

    static Predicate<JsonNode> of(String text) throws Refused {
        var tokens = new ArrayList<String>();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (end < text.stripTrailing().length()) {
            if (!token.find(end) || token.start() != end) {
                throw unparseable(text.substring(end));
            }
            tokens.add(token.group().strip());
            end = token.end();
        }
        if (tokens.isEmpty()) {
            return entry -> true;
        }
        var filter = new EntryFilter(tokens);
        Predicate<JsonNode> all = filter.and();
        if (filter.at < tokens.size()) {
            throw unparseable(filter.peek());
        }
        return all;
    }

    private static Refused unparseable(String what) {
        return Refused.argument("Unparseable filter: syntax error at '%s'".formatted(what));
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String take() {
        return at < tokens.size() ? tokens.get(at++) : "";
    }

    private boolean takes(String word) {
        if (!peek().equals(word)) {
            return false;
        }
        at++;
        return true;
    }

    /// Two terms without a word between them are both wanted, too.
    private Predicate<JsonNode> and() throws Refused {
        Predicate<JsonNode> all = or();
        while (at < tokens.size() && !peek().equals(")")) {
            takes("AND");
            all = all.and(or());
        }
        return all;
    }

    private Predicate<JsonNode> or() throws Refused {
        Predicate<JsonNode> any = term();
        while (takes("OR")) {
            any = any.or(term());
        }
        return any;
    }

    private Predicate<JsonNode> term() throws Refused {
        if (++depth > DEEPEST) {
            throw Refused.argument("Unparseable filter: too deep");
        }
        Predicate<JsonNode> term;
        if (takes("NOT")) {
            term = term().negate();
        } else if (takes("(")) {
            term = and();
            if (!takes(")")) {
                throw unparseable(peek());
            }
        } else {
            term = comparison();
        }
        depth--;
        return term;
    }

    private Predicate<JsonNode> comparison() throws Refused {
        var field = new ArrayList<String>();
        do {
            String name = take();
            if (!name.matches("\\w+|\".*\"") || List.of("AND", "OR", "NOT").contains(name)) {
                throw unparseable(name);
            }
            field.add(plain(name));
        } while (takes("."));
        String operator = take();
        if (!List.of("=", "!=", "<", "<=", ">", ">=", ":").contains(operator)) {
            throw unparseable(operator);
        }
        String value = take();
        if (value.isEmpty() || value.matches("[=<>:().!]+")) {
            throw unparseable(value);
        }
        boolean isAny = operator.equals(":") && value.equals("*");
        String wanted = plain(value);
        return entry -> {
            JsonNode found = entry;
            for (String name : field) {
                found = found.path(name);
            }
            return isAny ? !found.isMissingNode() : fits(found, operator, wanted);
        };
    }

    private static String plain(String token) throws Refused {
        if (!token.startsWith("\"")) {
            return token;
        }
        var plain = new StringBuilder();
        for (int i = 1; i < token.length() - 1; i++) {
            char letter = token.charAt(i);
            if (letter != '\\') {
                plain.append(letter);
                continue;
            }
            letter = token.charAt(++i);
            if (letter == 'u') {
                plain.append((char) Integer.parseInt(token.substring(i + 1, i + 5), 16));
                i += 4;
            } else if (letter == '"' || letter == '\\') {
                plain.append(letter);
            } else {
                throw Refused.argument("Unparseable filter: escape \\" + letter);
            }
        }
        return plain.toString();
    }

    private static boolean fits(JsonNode found, String operator, String wanted) {
        if (found.isMissingNode() || found.isContainerNode()) {
            return operator.equals("!=");
        }
        String text = found.asText().toLowerCase(Locale.ROOT);
        String other = wanted.toLowerCase(Locale.ROOT);
        return switch (operator) {
            case "=" -> text.equals(other);
            case "!=" -> !text.equals(other);
            case ":" -> text.contains(other);
            case "<" -> compared(text, other) < 0;
            case "<=" -> compared(text, other) <= 0;
            case ">" -> compared(text, other) > 0;
            default -> compared(text, other) >= 0;
        };
    }

    private static int compared(String text, String other) {
        try {
            return Instant.parse(text.toUpperCase(Locale.ROOT))
                    .compareTo(Instant.parse(other.toUpperCase(Locale.ROOT)));
        } catch (DateTimeException e) {
            return text.compareTo(other);
        }
    }
}
