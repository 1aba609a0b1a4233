package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where a sweep over changed alerts stands. Kept as JSON.
///
/// @param since changes from this time on are read
/// @param began when the sweep began
/// @param next path and query of the next page; empty between two sweeps
/// @param marks changes that came already, with their times
record FeedCursor(Instant since, Instant began, Optional<String> next, Map<String, Instant> marks) {
    /// More marks are forgotten, oldest first: what they stand for comes twice then.
    private static final int MOST_MARKS = 2000;

    private static final ObjectMapper JSON = new ObjectMapper();

    static FeedCursor startingAt(Instant since) {
        return new FeedCursor(since, since, Optional.empty(), Map.of());
    }

    static FeedCursor read(String text) throws ProviderException {
        try {
            JsonNode json = JSON.readTree(text);
            var marks = new LinkedHashMap<String, Instant>();
            for (Map.Entry<String, JsonNode> mark : json.path("marks").properties()) {
                marks.put(mark.getKey(), Instant.ofEpochMilli(mark.getValue().asLong()));
            }
            return new FeedCursor(
                    Instant.parse(json.path("since").asText()),
                    Instant.parse(json.path("began").asText()),
                    Optional.of(json.path("next").asText("")).filter(next -> next.startsWith("/")),
                    marks);
        } catch (IOException | DateTimeException e) {
            throw new ProviderException(Kind.REFUSED, "the place where the alert feed stopped cannot be read");
        }
    }

    Set<String> seen() {
        return marks.keySet();
    }

    FeedCursor begin(Instant now) {
        return new FeedCursor(since, now, Optional.empty(), marks);
    }

    FeedCursor restarted() {
        return new FeedCursor(since, began, Optional.empty(), marks);
    }

    FeedCursor to(String page) {
        return new FeedCursor(since, began, Optional.of(page), marks);
    }

    FeedCursor with(String mark, Instant changed) {
        var more = new LinkedHashMap<>(marks);
        more.remove(mark);
        more.put(mark, changed);
        if (more.size() > MOST_MARKS) {
            more.remove(more.keySet().iterator().next());
        }
        return new FeedCursor(since, began, next, more);
    }

    /// The sweep is done: the next one begins a little before what was seen last.
    FeedCursor end(Duration overlap) {
        Instant newest = marks.values().stream().max(Instant::compareTo).orElse(since);
        Instant from = (newest.isBefore(began) ? newest : began).minus(overlap);
        Instant next = from.isAfter(since) ? from : since;
        var kept = new LinkedHashMap<String, Instant>();
        marks.forEach((mark, changed) -> {
            if (!changed.isBefore(next)) {
                kept.put(mark, changed);
            }
        });
        return new FeedCursor(next, began, Optional.empty(), kept);
    }

    String text() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("since", since.toString())
                .put("began", began.toString())
                .put("next", next.orElse(""));
        ObjectNode all = json.putObject("marks");
        marks.forEach((mark, changed) -> all.put(mark, changed.toEpochMilli()));
        return json.toString();
    }
}
