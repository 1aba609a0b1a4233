package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The part of the vendor's filter language that clients use: `field:'value'`, lists, `!`, `>`, `>=`, `<`, `<=`,
/// `*'wild*card'`, joined by `+` (and) and `,` (or), with brackets. Exact matches mind the case.
final class Fql {
    private static final int LONGEST = 20_000;

    private final String text;
    private int at;

    private Fql(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException when it is not understood
    static Predicate<JsonNode> parse(String text) {
        if (text.isBlank()) {
            return any -> true;
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("the filter is too long");
        }
        var parser = new Fql(text);
        Predicate<JsonNode> filter = parser.or(0);
        if (parser.at != text.length()) {
            throw parser.wrong();
        }
        return filter;
    }

    private Predicate<JsonNode> or(int depth) {
        Predicate<JsonNode> filter = and(depth);
        while (take(',')) {
            filter = filter.or(and(depth));
        }
        return filter;
    }

    private Predicate<JsonNode> and(int depth) {
        Predicate<JsonNode> filter = term(depth);
        while (take('+')) {
            filter = filter.and(term(depth));
        }
        return filter;
    }

    private Predicate<JsonNode> term(int depth) {
        if (depth > 20) {
            throw wrong();
        }
        if (take('(')) {
            Predicate<JsonNode> inner = or(depth + 1);
            expect(')');
            return inner;
        }
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_.-".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String field = text.substring(start, at);
        expect(':');
        String operator = operator();
        List<String> values = values();
        return record -> test(record, field, operator, values);
    }

    private String operator() {
        for (String operator : List.of(">=", "<=", ">", "<", "!", "*", "~")) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return operator;
            }
        }
        return "=";
    }

    private List<String> values() {
        if (!take('[')) {
            return List.of(value());
        }
        var values = new ArrayList<String>();
        do {
            values.add(value());
        } while (take(','));
        expect(']');
        return values;
    }

    private String value() {
        if (!take('\'')) {
            int start = at;
            while (at < text.length() && "+,)]".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '\'') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        expect('\'');
        return value.toString();
    }

    private static boolean test(JsonNode record, String field, String operator, List<String> values) {
        JsonNode node = record.has(field) ? record.path(field) : record.at("/" + field.replace('.', '/'));
        var found = new ArrayList<String>();
        if (node.isArray()) {
            node.forEach(element -> found.add(element.asText()));
        } else if (!node.isMissingNode()) {
            found.add(node.isNull() ? "null" : node.asText());
        } else {
            found.add("null");
        }
        boolean any =
                found.stream().anyMatch(actual -> values.stream().anyMatch(value -> compare(actual, operator, value)));
        return operator.equals("!") != any;
    }

    private static boolean compare(String actual, String operator, String value) {
        return switch (operator) {
            case "=", "!" -> actual.equals(value);
            case "*" -> Pattern.matches("\\Q" + value.replace("*", "\\E.*\\Q") + "\\E", actual);
            case "~" -> actual.equalsIgnoreCase(value);
            case ">" -> order(actual, value) > 0;
            case ">=" -> order(actual, value) >= 0;
            case "<" -> order(actual, value) < 0;
            default -> order(actual, value) <= 0;
        };
    }

    /// Numbers as numbers, all else (RFC 3339 times too) as text.
    private static int order(String actual, String value) {
        try {
            return Double.compare(Double.parseDouble(actual), Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return actual.compareTo(value);
        }
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw wrong();
        }
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("invalid filter: at position " + at);
    }
}
