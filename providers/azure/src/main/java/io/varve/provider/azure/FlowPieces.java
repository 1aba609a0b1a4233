package io.varve.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A record of a flow log in pieces that a reader of lines takes: one of a busy minute may be as large as its
/// writer likes. Each piece has the record's head, and some tuples of one rule.
final class FlowPieces {
    private static final int LONGEST = 512 << 10;
    /// The longest that Azure writes have about 120 letters.
    private static final int TUPLES = 2_000;

    private FlowPieces() {}

    /// @param text of the record, which is the only piece where it is short enough, or of another form
    static List<String> of(String text, JsonNode record) {
        boolean isOfGroup = record.at("/properties/flows").isArray();
        if (text.length() <= LONGEST
                || !isOfGroup && !record.at("/flowRecords/flows").isArray()) {
            return List.of(text);
        }
        String outer = isOfGroup ? "properties" : "flowRecords";
        String inner = isOfGroup ? "flows" : "flowGroups";
        var pieces = new ArrayList<String>();
        for (JsonNode flow : record.path(outer).path("flows")) {
            for (JsonNode group : flow.path(inner)) {
                List<JsonNode> tuples = list(group.path("flowTuples"));
                for (int from = 0; from < tuples.size(); from += TUPLES) {
                    ObjectNode some = without(group, "flowTuples");
                    some.putArray("flowTuples").addAll(tuples.subList(from, Math.min(from + TUPLES, tuples.size())));
                    ObjectNode around = without(flow, inner);
                    around.putArray(inner).add(some);
                    ObjectNode piece = without(record, outer);
                    ObjectNode body = without(record.path(outer), "flows");
                    body.putArray("flows").add(around);
                    piece.set(outer, body);
                    pieces.add(piece.toString());
                }
            }
        }
        return pieces.isEmpty() ? List.of(text) : pieces;
    }

    /// All fields but one, none of them copied.
    private static ObjectNode without(JsonNode node, String field) {
        ObjectNode others = JsonNodeFactory.instance.objectNode();
        node.properties().stream()
                .filter(one -> !one.getKey().equals(field))
                .forEach(one -> others.set(one.getKey(), one.getValue()));
        return others;
    }

    private static List<JsonNode> list(JsonNode array) {
        var all = new ArrayList<JsonNode>();
        array.forEach(all::add);
        return all;
    }
}
