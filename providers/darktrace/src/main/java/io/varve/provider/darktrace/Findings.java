package io.varve.provider.darktrace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.AlertFeed.Page;
import io.varve.provider.AlertFeed.RawAlert;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Groups, incident events and model breaches of a window of time that slides on and overlaps the last one: incident
/// events grow, and become visible after what they tell of. What was handed on is remembered with a digest of its
/// content and handed on again only when that is another.
final class Findings {
    private static final Duration OVERLAP = Duration.ofHours(3);
    /// How much is asked for at once when there is much to catch up with.
    private static final Duration WIDEST = Duration.ofHours(6);
    /// Most findings remembered; beyond it some come twice.
    private static final int MOST_REMEMBERED = 10_000;

    private final Darktrace darktrace;

    Findings(Darktrace darktrace) {
        this.darktrace = darktrace;
    }

    /// @param until end of the last window
    /// @param seen digest of what was handed on, by kind and id
    private record Cursor(Instant until, Map<String, String> seen) {
        static Cursor read(Optional<String> text, Instant first) throws ProviderException {
            if (text.isEmpty()) {
                return new Cursor(first.plus(OVERLAP), Map.of());
            }
            try {
                JsonNode json = Darktrace.JSON.readTree(text.get());
                long until = json.path("until").asLong(-1);
                if (until < 0) {
                    throw unreadable();
                }
                var seen = new LinkedHashMap<String, String>();
                json.path("seen")
                        .properties()
                        .forEach(one -> seen.put(one.getKey(), one.getValue().asText()));
                return new Cursor(Instant.ofEpochMilli(until), seen);
            } catch (JsonProcessingException e) {
                throw unreadable();
            }
        }

        private static ProviderException unreadable() {
            return new ProviderException(Kind.REFUSED, "the cursor of Darktrace's alerts cannot be read");
        }

        String text() {
            ObjectNode json = Darktrace.JSON.createObjectNode().put("until", until.toEpochMilli());
            ObjectNode remembered = json.putObject("seen");
            seen.forEach(remembered::put);
            return json.toString();
        }
    }

    private record Found(Finding kind, JsonNode object, long at) {}

    Page next(Optional<String> cursor, Instant now) throws ProviderException, InterruptedException {
        long days = darktrace.connection().number("first_days", 1, 0, 90);
        Cursor last = Cursor.read(cursor, now.minus(days, ChronoUnit.DAYS));
        Instant from = last.until.minus(OVERLAP);
        Instant widest = from.plus(WIDEST);
        Instant to = widest.isBefore(now) ? widest : now;
        var found = new ArrayList<Found>();
        for (Finding kind : Finding.values()) {
            found.addAll(window(kind, from, to));
        }
        found.sort(Comparator.comparingLong(Found::at));
        var seen = new LinkedHashMap<String, String>();
        var alerts = new ArrayList<RawAlert>();
        for (Found one : found) {
            String content = one.kind.content(one.object);
            // One without an id is handed on each time: nothing tells whether it is new.
            String key = one.kind
                    .id(one.object)
                    .map(id -> one.kind.name() + " " + id)
                    .orElse("");
            if (!content.equals(last.seen.get(key))) {
                alerts.add(new RawAlert("darktrace", one.kind.body(one.object, darktrace.base())));
            }
            seen.put(key, content);
        }
        seen.remove("");
        return new Page(alerts, new Cursor(to, bounded(seen)).text(), to.isBefore(now));
    }

    private List<Found> window(Finding kind, Instant from, Instant to) throws ProviderException, InterruptedException {
        var query = new TreeMap<String, String>();
        query.put("starttime", Long.toString(from.toEpochMilli()));
        query.put("endtime", Long.toString(to.toEpochMilli()));
        query.put("includeacknowledged", "true");
        long least = darktrace.connection().number("min_score", 0, 0, 100);
        switch (kind) {
            case GROUP -> {
                query.put("includeallpinned", "false");
                query.put("mingroupscore", Long.toString(least));
            }
            case EVENT -> {
                query.put("includeallpinned", "false");
                query.put("includeincidenteventurl", "true");
                query.put("minscore", Long.toString(least));
            }
            case BREACH -> {
                query.put("includebreachurl", "true");
                query.put("minscore", "%d.%02d".formatted(least / 100, least % 100));
            }
        }
        if (least == 0) {
            query.remove("minscore");
            query.remove("mingroupscore");
        }
        JsonNode objects = darktrace.read(kind.path(), query);
        if (!objects.isArray()) {
            throw new ProviderException(Kind.FAILED, "%s: Darktrace's answer is no list".formatted(kind.path()));
        }
        var found = new ArrayList<Found>();
        for (JsonNode object : objects) {
            Optional<Long> latest = kind.latest(object);
            // Pinned ones come along however old they are.
            boolean old = object.path("pinned").asBoolean(false)
                    && latest.filter(time -> time < from.toEpochMilli()).isPresent();
            if (object.isObject() && !old) {
                found.add(new Found(kind, object, latest.orElse(to.toEpochMilli())));
            }
        }
        return found;
    }

    private static Map<String, String> bounded(Map<String, String> seen) {
        var kept = new LinkedHashMap<String, String>();
        seen.entrySet().stream()
                .skip(Math.max(0, seen.size() - MOST_REMEMBERED))
                .forEach(one -> kept.put(one.getKey(), one.getValue()));
        return kept;
    }
}
