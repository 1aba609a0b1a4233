package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.evidence.Digest;
import io.varve.provider.AlertFeed.Page;
import io.varve.provider.AlertFeed.RawAlert;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Falcon's alerts in the order of their last change. Each round begins a little before the end of the last one,
/// because alerts become visible late and share times; what was handed on in that time is remembered and left out.
final class AlertPages {
    private static final int PAGE = 500;
    private static final Duration OVERLAP = Duration.ofMinutes(10);
    /// Most alerts remembered; beyond it some come twice.
    private static final int MOST_REMEMBERED = 5000;

    private final CrowdStrike falcon;

    AlertPages(CrowdStrike falcon) {
        this.falcon = falcon;
    }

    /// Where the next page begins.
    ///
    /// @param since first time of last change of this round
    /// @param after CrowdStrike's token inside the round; empty at its beginning
    /// @param newest latest time of last change seen
    /// @param seen what was handed on, by a short digest, with its time
    private record Cursor(Instant since, String after, Instant newest, Map<String, Instant> seen) {
        static Cursor read(Optional<String> text, Instant first) throws ProviderException {
            if (text.isEmpty()) {
                return new Cursor(first, "", first, new LinkedHashMap<>());
            }
            try {
                JsonNode json = CrowdStrike.JSON.readTree(text.get());
                var seen = new LinkedHashMap<String, Instant>();
                json.path("seen")
                        .properties()
                        .forEach(one -> seen.put(
                                one.getKey(),
                                Instant.ofEpochMilli(one.getValue().asLong())));
                return new Cursor(
                        Instant.parse(json.path("since").asText()),
                        json.path("after").asText(""),
                        Instant.parse(json.path("newest").asText()),
                        seen);
            } catch (JsonProcessingException | DateTimeException e) {
                throw new ProviderException(Kind.REFUSED, "the cursor of CrowdStrike's alerts cannot be read");
            }
        }

        String text() {
            ObjectNode json = CrowdStrike.JSON
                    .createObjectNode()
                    .put("since", since.toString())
                    .put("after", after)
                    .put("newest", newest.toString());
            ObjectNode remembered = json.putObject("seen");
            seen.forEach((key, time) -> remembered.put(key, time.toEpochMilli()));
            return json.toString();
        }
    }

    Page next(Optional<String> cursor, Instant now) throws ProviderException, InterruptedException {
        long days = falcon.connection().number("first_days", 1, 0, 90);
        Cursor from = Cursor.read(cursor, now.minus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
        JsonNode envelope = page(from);
        var alerts = new ArrayList<RawAlert>();
        var seen = new LinkedHashMap<>(from.seen);
        Instant newest = from.newest;
        for (JsonNode alert : envelope.path("resources")) {
            Instant changed = changed(alert).orElse(from.newest);
            if (seen.putIfAbsent(key(alert), changed) == null) {
                alerts.add(new RawAlert("crowdstrike", alert.toString().getBytes(StandardCharsets.UTF_8)));
            }
            newest = changed.isAfter(newest) ? changed : newest;
        }
        String after = envelope.path("meta").path("pagination").path("after").asText("");
        boolean more = !after.isEmpty() && !envelope.path("resources").isEmpty();
        Cursor to = more
                ? new Cursor(from.since, after, newest, bounded(seen, from.since))
                : round(from.since, newest, seen);
        return new Page(alerts, to.text(), more);
    }

    private static Cursor round(Instant began, Instant newest, Map<String, Instant> seen) {
        Instant back = newest.minus(OVERLAP);
        Instant since = back.isAfter(began) ? back : began;
        return new Cursor(since, "", newest, bounded(seen, since));
    }

    /// The latest of those that can come again.
    private static Map<String, Instant> bounded(Map<String, Instant> seen, Instant since) {
        var kept = new LinkedHashMap<String, Instant>();
        List<Map.Entry<String, Instant>> again = seen.entrySet().stream()
                .filter(one -> !one.getValue().isBefore(since.truncatedTo(ChronoUnit.MILLIS)))
                .toList();
        again.stream()
                .skip(Math.max(0, again.size() - MOST_REMEMBERED))
                .forEach(one -> kept.put(one.getKey(), one.getValue()));
        return kept;
    }

    private JsonNode page(Cursor from) throws ProviderException, InterruptedException {
        Answer answer = asked(from);
        if (!from.after.isEmpty() && (answer.status() == 400 || answer.status() == 404)) {
            // CrowdStrike forgot the token: the round begins again, and what was handed on is left out.
            answer = asked(new Cursor(from.since, "", from.newest, from.seen));
        }
        if (!answer.good()) {
            throw CrowdStrike.failed(answer, "fetching alerts");
        }
        return answer.json();
    }

    private Answer asked(Cursor from) throws ProviderException, InterruptedException {
        ObjectNode body = CrowdStrike.JSON
                .createObjectNode()
                .put("filter", "updated_timestamp:>='%s'".formatted(from.since))
                .put("sort", "updated_timestamp|asc")
                .put("limit", PAGE);
        if (!from.after.isEmpty()) {
            body.put("after", from.after);
        }
        return falcon.answer(
                Scope.ALERTS_READ,
                CrowdStrike.json("POST", falcon.uri("/alerts/combined/alerts/v1"), body)
                        .again());
    }

    private static Optional<Instant> changed(JsonNode alert) {
        for (String field : List.of("updated_timestamp", "created_timestamp")) {
            try {
                return Optional.of(Instant.parse(alert.path(field).asText("")));
            } catch (DateTimeException e) {
                // the next field, or none
            }
        }
        return Optional.empty();
    }

    private static String key(JsonNode alert) {
        return Digest.of(alert.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 16);
    }
}
