package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One page of a list, with `$filter`, `$top`, `$skip`, `$count` and `@odata.nextLink`.
final class ODataPage {
    private ODataPage() {}

    /// The rows that the call's `$filter` lets through.
    ///
    /// @throws Refused where the filter is none
    static List<ObjectNode> filtered(Call call, List<ObjectNode> rows, Set<String> fields) {
        String text = call.query("$filter").orElse("");
        if (text.isBlank()) {
            return rows;
        }
        try {
            Predicate<JsonNode> condition = ODataFilter.parse(text, fields);
            return rows.stream().filter(condition).toList();
        } catch (IllegalArgumentException e) {
            throw Refused.of(400, "ODataError", e.getMessage() == null ? "Invalid filter" : e.getMessage());
        }
    }

    /// @param largest rows on one page, also when more are asked for
    static ObjectNode of(Call call, URI base, String context, List<ObjectNode> rows, int largest) {
        return of(call, base, context, rows, largest, row -> row);
    }

    /// @param shown what the caller sees of a row
    static ObjectNode of(
            Call call, URI base, String context, List<ObjectNode> rows, int largest, UnaryOperator<ObjectNode> shown) {
        int skip = number(call, "$skip", 0);
        int top = number(call, "$top", Integer.MAX_VALUE);
        int from = Math.min(skip, rows.size());
        int size = Math.min(Math.min(top, largest), rows.size() - from);
        ObjectNode page = JsonNodeFactory.instance.objectNode().put("@odata.context", context);
        if (call.query("$count").orElse("").equals("true")) {
            page.put("@odata.count", rows.size());
        }
        page.putArray("value")
                .addAll(rows.subList(from, from + size).stream().map(shown).toList());
        int next = from + size;
        if (next < rows.size() && size < top) {
            page.put("@odata.nextLink", base + call.path() + "?" + continued(call, next, top, size));
        }
        return page;
    }

    private static String continued(Call call, int next, int top, int size) {
        var link = new StringBuilder();
        call.request().query().forEach((name, values) -> {
            if (!name.equals("$skip") && !name.equals("$top")) {
                link.append(encoded(name))
                        .append('=')
                        .append(encoded(values.getFirst()))
                        .append('&');
            }
        });
        if (top != Integer.MAX_VALUE) {
            link.append("%24top=").append(top - size).append('&');
        }
        return link.append("%24skip=").append(next).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static int number(Call call, String name, int otherwise) {
        String text = call.query(name).orElse("");
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw Refused.of(400, "ODataError", "Invalid value '" + text + "' for " + name);
        }
        return Integer.parseInt(text);
    }
}
