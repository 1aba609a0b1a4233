package io.varve.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/// Totals of a run's coverage rows, as pages show them: files by status, and records.
final class CoverageSummary {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode totals = JSON.createObjectNode();

    CoverageSummary() {
        for (String name : new String[] {
            "files", "parsed", "partial", "failed", "unparsed", "empty", "found", "records", "rejected", "events"
        }) {
            totals.put(name, 0L);
        }
    }

    /// Adds one coverage row.
    void add(String line) throws IOException {
        JsonNode row = JSON.readTree(line);
        add("files", 1);
        add(row.path("status").asText(), 1);
        add("found", row.path("found").asLong());
        add("records", row.path("parsed").asLong());
        add("rejected", row.path("rejected").asLong());
        add("events", row.path("events").asLong());
    }

    private void add(String name, long count) {
        totals.put(name, totals.path(name).asLong() + count);
    }

    /// Files that could not be read whole.
    long damaged() {
        return totals.path("partial").asLong() + totals.path("failed").asLong();
    }

    String json() {
        return totals.toString();
    }
}
