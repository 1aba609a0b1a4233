package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Lists as the console gives them: filters, sorting, pages by cursor, the envelope around them.
///
/// A filter that a list does not know is refused: one that is ignored would give too many rows.
final class Rows {
    private static final Set<String> PAGING =
            Set.of("limit", "skip", "cursor", "countOnly", "skipCount", "sortBy", "sortOrder");
    private static final int MOST = 1000;
    private static final List<String> ORDERS = List.of("__gt", "__gte", "__lt", "__lte", "__between");

    private final Map<String, BiPredicate<ObjectNode, String>> filters = new LinkedHashMap<>();
    private final String id;

    Rows() {
        this("/id");
    }

    /// @param id where a row's id is
    Rows(String id) {
        this.id = id;
    }

    /// `name=a,b`: the field is one of the values.
    Rows oneOf(String name, String pointer) {
        filters.put(
                name,
                (row, value) ->
                        Arrays.asList(value.split(",")).contains(row.at(pointer).asText()));
        return this;
    }

    /// `name=text`: the field holds the text, in any case of letters; several may be given.
    Rows contains(String name, String... pointers) {
        filters.put(
                name,
                (row, value) -> Arrays.stream(value.split(","))
                        .anyMatch(part -> Arrays.stream(pointers)
                                .anyMatch(pointer ->
                                        lower(row.at(pointer).toString()).contains(lower(part)))));
        return this;
    }

    /// `name__gte=time` and its kin.
    Rows times(String name, String pointer) {
        for (String order : ORDERS) {
            filters.put(
                    name + order, (row, value) -> inside(order, row.at(pointer).asText(), value));
        }
        return this;
    }

    /// A filter of the list's own.
    Rows when(String name, BiPredicate<ObjectNode, String> condition) {
        filters.put(name, condition);
        return this;
    }

    /// The rows that all filters of the call let through.
    ///
    /// @throws Refused for a parameter that is no filter here
    List<ObjectNode> filtered(Call call, List<ObjectNode> rows) {
        List<ObjectNode> left = rows;
        for (Map.Entry<String, List<String>> parameter : call.request().query().entrySet()) {
            String name = parameter.getKey();
            if (PAGING.contains(name)) {
                continue;
            }
            BiPredicate<ObjectNode, String> filter = filters.get(name);
            if (filter == null) {
                throw Refused.invalid("Unknown field: " + name);
            }
            String value = String.join(",", parameter.getValue());
            left = left.stream().filter(row -> filter.test(row, value)).toList();
        }
        return left;
    }

    /// One page of the rows that fit.
    Response page(Call call, List<ObjectNode> rows) {
        return page(call, rows, row -> row);
    }

    /// @param shown what the caller sees of a row; filters and order are those of the row itself
    Response page(Call call, List<ObjectNode> rows, UnaryOperator<ObjectNode> shown) {
        List<ObjectNode> fitting = filtered(call, rows);
        String sortBy = call.query("sortBy").orElse("id");
        Comparator<ObjectNode> order = Comparator.<ObjectNode, String>comparing(row -> sortValue(row, sortBy))
                .thenComparing(this::id);
        if (call.query("sortOrder").orElse("asc").equals("desc")) {
            order = order.reversed();
        }
        List<ObjectNode> sorted = fitting.stream().sorted(order).toList();
        int from = call.query("cursor")
                .map(cursor -> after(sorted, cursor, sortBy, call))
                .orElseGet(() -> number(call, "skip", 0, 0));
        int limit = number(call, "limit", 10, 1);
        boolean countOnly = call.query("countOnly").orElse("").equals("true");
        List<ObjectNode> page =
                countOnly ? List.of() : sorted.stream().skip(from).limit(limit).toList();
        boolean more = !page.isEmpty() && from + page.size() < sorted.size();
        Optional<String> next =
                more ? Optional.of(cursor(sortValue(page.getLast(), sortBy), page.getLast())) : Optional.empty();
        long total = call.query("skipCount").orElse("").equals("true") ? 0 : sorted.size();
        return envelope(page.stream().map(shown).toList(), next, total);
    }

    private static Response envelope(List<ObjectNode> page, Optional<String> next, long total) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("data").addAll(page);
        body.putObject("pagination").put("totalItems", total).put("nextCursor", next.orElse(null));
        return Response.json(200, body);
    }

    static Response data(JsonNode data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("data", data);
        return Response.json(200, body);
    }

    static Response affected(int count) {
        return data(JsonNodeFactory.instance.objectNode().put("affected", count));
    }

    private String id(ObjectNode row) {
        return row.at(id).asText();
    }

    private String cursor(String value, ObjectNode last) {
        return Base64.getUrlEncoder().encodeToString((value + "\n" + id(last)).getBytes(StandardCharsets.UTF_8));
    }

    /// The first row behind the one that the cursor names, also when that one is gone.
    private int after(List<ObjectNode> sorted, String cursor, String sortBy, Call call) {
        String[] parts;
        try {
            parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", 2);
        } catch (IllegalArgumentException e) {
            throw Refused.invalid("cursor: Invalid cursor");
        }
        if (parts.length != 2) {
            throw Refused.invalid("cursor: Invalid cursor");
        }
        boolean descending = call.query("sortOrder").orElse("asc").equals("desc");
        int at = 0;
        for (ObjectNode row : sorted) {
            int order = sortValue(row, sortBy).compareTo(parts[0]);
            int whole = order != 0 ? order : id(row).compareTo(parts[1]);
            if (descending ? whole < 0 : whole > 0) {
                break;
            }
            at++;
        }
        return at;
    }

    /// Times sort as text: all are written with the same number of digits.
    private String sortValue(ObjectNode row, String field) {
        if (field.equals("id")) {
            return id(row);
        }
        return Stream.of(row, row.path("threatInfo"), row.path("alertInfo"))
                .map(group -> group.path(field))
                .filter(value -> !value.isMissingNode())
                .findFirst()
                .map(JsonNode::asText)
                .orElse("");
    }

    private static int number(Call call, String name, int otherwise, int least) {
        String text = call.query(name).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > MOST) {
            throw Refused.invalid("%s: Must be between %d and %d".formatted(name, least, MOST));
        }
        return Integer.parseInt(text);
    }

    private static boolean inside(String order, String text, String bound) {
        if (order.equals("__between")) {
            String[] ends = bound.split("-(?=\\d{13})|,", 2);
            return ends.length == 2 && inside("__gte", text, ends[0]) && inside("__lte", text, ends[1]);
        }
        if (text.isEmpty()) {
            return false;
        }
        int compared = time(text).compareTo(time(bound));
        return switch (order) {
            case "__gt" -> compared > 0;
            case "__gte" -> compared >= 0;
            case "__lt" -> compared < 0;
            default -> compared <= 0;
        };
    }

    private static Instant time(String text) {
        try {
            return text.matches("\\d{13}")
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw Refused.invalid("Not a valid datetime: " + text);
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
