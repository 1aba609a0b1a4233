package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of OData's `$filter` that the vendor's pages use: comparisons (`eq ne gt ge lt le`), `startswith`,
/// `endswith` and `contains`, joined by `and`, `or`, `not` and brackets.
///
/// Source: OData 4.01 URL conventions, 5.1.1.
final class ODataFilter {
    private static final int MAX_LENGTH = 8_000;
    private static final int MAX_DEPTH = 20;
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<string>'(?:[^']|'')*')|(?<punct>[(),])|(?<word>[^\\s(),']+))", Pattern.CASE_INSENSITIVE);

    private final List<String> tokens = new ArrayList<>();
    private final Set<String> fields;
    private int at;
    private int depth;

    private ODataFilter(String text, Set<String> fields) {
        this.fields = fields;
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("filter is longer than " + MAX_LENGTH);
        }
        Matcher matcher = TOKEN.matcher(text.strip());
        int end = 0;
        while (matcher.lookingAt() || matcher.hitEnd()) {
            if (!matcher.lookingAt()) {
                break;
            }
            tokens.add(matcher.group().strip());
            end = matcher.end();
            matcher.region(end, text.strip().length());
        }
        if (end != text.strip().length()) {
            throw new IllegalArgumentException("syntax error at position " + end + " in the filter");
        }
    }

    /// The condition that a `$filter` states.
    ///
    /// @param fields names that may be compared; a dotted or slashed path counts by its first part
    /// @throws IllegalArgumentException where the text is no filter, or compares another field
    static Predicate<JsonNode> parse(String text, Set<String> fields) {
        ODataFilter filter = new ODataFilter(text, fields);
        Predicate<JsonNode> condition = filter.or();
        if (filter.at < filter.tokens.size()) {
            throw new IllegalArgumentException("unexpected '" + filter.tokens.get(filter.at) + "' in the filter");
        }
        return condition;
    }

    private Predicate<JsonNode> or() {
        Predicate<JsonNode> left = and();
        while (accept("or")) {
            left = left.or(and());
        }
        return left;
    }

    private Predicate<JsonNode> and() {
        Predicate<JsonNode> left = term();
        while (accept("and")) {
            left = left.and(term());
        }
        return left;
    }

    private Predicate<JsonNode> term() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("filter is nested too deep");
        }
        try {
            if (accept("not")) {
                return term().negate();
            }
            if (accept("(")) {
                Predicate<JsonNode> inner = or();
                expect(")");
                return inner;
            }
            return comparison();
        } finally {
            depth--;
        }
    }

    private Predicate<JsonNode> comparison() {
        String word = next();
        if (accept("(")) {
            String field = field(next());
            expect(",");
            String value = literal(next()).orElse("");
            expect(")");
            return switch (word) {
                case "startswith" -> row -> lower(row, field).startsWith(lower(value));
                case "endswith" -> row -> lower(row, field).endsWith(lower(value));
                case "contains" -> row -> lower(row, field).contains(lower(value));
                default -> throw new IllegalArgumentException("unknown function '" + word + "'");
            };
        }
        String field = field(word);
        String operator = next();
        Optional<Literal> literal = literal(next()).map(Literal::of);
        return switch (operator) {
            case "eq" -> row -> equal(row, field, literal);
            case "ne" -> row -> !equal(row, field, literal);
            case "gt" -> row -> ordered(row, field, literal, sign -> sign > 0);
            case "ge" -> row -> ordered(row, field, literal, sign -> sign >= 0);
            case "lt" -> row -> ordered(row, field, literal, sign -> sign < 0);
            case "le" -> row -> ordered(row, field, literal, sign -> sign <= 0);
            default -> throw new IllegalArgumentException("unknown operator '" + operator + "'");
        };
    }

    /// A value of the filter, its time read once for all rows.
    private record Literal(String text, Optional<Instant> time) {
        static Literal of(String text) {
            return new Literal(text, ODataFilter.time(text));
        }
    }

    private String field(String name) {
        if (!fields.contains(name.split("[/.]", 2)[0])) {
            throw new IllegalArgumentException("Could not find a property named '" + name + "'");
        }
        return name;
    }

    private static Optional<String> literal(String token) {
        if (token.startsWith("'")) {
            return Optional.of(token.substring(1, token.length() - 1).replace("''", "'"));
        }
        return token.equals("null") ? Optional.empty() : Optional.of(token);
    }

    private static JsonNode value(JsonNode row, String field) {
        return row.at("/" + field.replace('.', '/'));
    }

    private static boolean present(JsonNode row, String field) {
        JsonNode node = value(row, field);
        return !node.isMissingNode() && !node.isNull();
    }

    private static boolean equal(JsonNode row, String field, Optional<Literal> literal) {
        if (literal.isEmpty() || !present(row, field)) {
            return literal.isEmpty() && !present(row, field);
        }
        JsonNode node = value(row, field);
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (element.asText().equalsIgnoreCase(literal.get().text())) {
                    return true;
                }
            }
            return false;
        }
        return order(node, literal.get()) == 0;
    }

    private static boolean ordered(JsonNode row, String field, Optional<Literal> literal, IntPredicate sign) {
        return literal.isPresent() && present(row, field) && sign.test(order(value(row, field), literal.get()));
    }

    private static int order(JsonNode node, Literal literal) {
        if (literal.time().isPresent()) {
            Optional<Instant> own = time(node.asText());
            if (own.isPresent()) {
                return own.get().compareTo(literal.time().get());
            }
        }
        if (node.isNumber() && literal.text().matches("-?\\d{1,18}")) {
            return Long.compare(node.asLong(), Long.parseLong(literal.text()));
        }
        return lower(node.asText()).compareTo(lower(literal.text()));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String lower(JsonNode row, String field) {
        return lower(value(row, field).asText());
    }

    private static String lower(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    private boolean accept(String token) {
        if (at < tokens.size() && tokens.get(at).equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw new IllegalArgumentException("'" + token + "' expected in the filter");
        }
    }

    private String next() {
        if (at >= tokens.size()) {
            throw new IllegalArgumentException("the filter ends too early");
        }
        return tokens.get(at++);
    }
}
