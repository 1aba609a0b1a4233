package io.varve.provider.sentinelone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.AlertFeed;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Alerts of a SentinelOne console: threats, alerts of custom rules, unified alerts. Each list has a cursor of its own:
/// the time from which it is read, inclusive and a little before the newest seen, and the vendor's page while one
/// reading goes on. So an alert of the same instant, or one that the console files late, is not missed; what comes
/// twice is the same alert for the intake.
final class SentinelOneAlerts implements AlertFeed {
    private static final Duration LATE = Duration.ofMinutes(2);
    private static final int PAGE = 100;
    private static final int MOST_SEEN = 2000;

    private final Clock clock;
    private final Waiting waiting;

    SentinelOneAlerts(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    /// One of the lists.
    private enum Stream {
        THREATS,
        STAR,
        UNIFIED;

        private String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private record Rows(List<JsonNode> rows, Optional<String> next) {}

    @Override
    public Page next(Connection connection, Optional<String> cursor, Instant now)
            throws ProviderException, InterruptedException {
        var client = new SentinelOne(connection, clock, waiting);
        Instant first = now.minus(Duration.ofDays(connection.number("first_days", 1, 0, 365)));
        ObjectNode state = state(cursor);
        var alerts = new ArrayList<RawAlert>();
        boolean more = false;
        for (Stream stream : streams(Feeds.of(connection))) {
            ObjectNode own = state.withObjectProperty(stream.key());
            if (own.path("since").isMissingNode()) {
                own.put("since", first.toString());
            }
            more |= read(client, stream, own, now, alerts);
        }
        return new Page(alerts, state.toString(), more);
    }

    private static List<Stream> streams(Feeds feeds) {
        var streams = new ArrayList<Stream>();
        if (feeds.threats()) {
            streams.add(Stream.THREATS);
        }
        if (feeds.star()) {
            streams.add(Stream.STAR);
        }
        if (feeds.unified()) {
            streams.add(Stream.UNIFIED);
        }
        return streams;
    }

    private static ObjectNode state(Optional<String> cursor) throws ProviderException {
        try {
            return cursor.isEmpty()
                    ? SentinelOne.JSON.createObjectNode()
                    : (ObjectNode) SentinelOne.JSON.readTree(cursor.get());
        } catch (JsonProcessingException | ClassCastException e) {
            throw new ProviderException(Kind.REFUSED, "the cursor of the SentinelOne feed cannot be read");
        }
    }

    /// Reads one page of a list and moves its cursor.
    ///
    /// @return whether the list has more
    private static boolean read(SentinelOne client, Stream stream, ObjectNode own, Instant now, List<RawAlert> alerts)
            throws ProviderException, InterruptedException {
        Instant since = SentinelOne.time(own, "since").orElse(Instant.EPOCH);
        Rows page = rows(client, stream, since, SentinelOne.text(own, "page"), own);
        var seen = new LinkedHashMap<String, String>();
        own.path("seen")
                .properties()
                .forEach(one -> seen.put(one.getKey(), one.getValue().asText()));
        List<JsonNode> sorted = page.rows().stream()
                .sorted(Comparator.comparing(row -> changed(stream, row)))
                .toList();
        Instant newest = SentinelOne.time(own, "newest").orElse(since);
        for (JsonNode row : sorted) {
            Instant at = changed(stream, row);
            newest = at.isAfter(newest) && !at.isAfter(now) ? at : newest;
            String version = SentinelOne.text(row, "updatedAt").orElse(at.toString()) + row.hashCode();
            if (!version.equals(seen.put(id(stream, row), version))) {
                alerts.add(raw(row));
            }
        }
        own.put("newest", newest.toString());
        if (page.next().isPresent()) {
            own.put("page", page.next().get());
        } else {
            own.remove("page");
            Instant from = newest.minus(LATE);
            own.put("since", (from.isAfter(since) ? from : since).toString());
        }
        remember(own, seen);
        return page.next().isPresent();
    }

    private static void remember(ObjectNode own, LinkedHashMap<String, String> seen) {
        ObjectNode kept = own.putObject("seen");
        seen.entrySet().stream()
                .skip(Math.max(0, seen.size() - MOST_SEEN))
                .forEach(one -> kept.put(one.getKey(), one.getValue()));
    }

    private static Rows rows(SentinelOne client, Stream stream, Instant since, Optional<String> page, ObjectNode own)
            throws ProviderException, InterruptedException {
        try {
            return rows(client, stream, since, page);
        } catch (ProviderException e) {
            if (page.isEmpty() || e.kind() != Kind.REFUSED) {
                throw e;
            }
            // The vendor's page is too old to go on with: the list is read again from its beginning.
            own.remove("page");
            return rows(client, stream, since, Optional.empty());
        }
    }

    private static Rows rows(SentinelOne client, Stream stream, Instant since, Optional<String> page)
            throws ProviderException, InterruptedException {
        if (stream == Stream.UNIFIED) {
            UnifiedAlerts.Page found = new UnifiedAlerts(client).page(since, page);
            return new Rows(found.alerts(), found.next());
        }
        boolean threats = stream == Stream.THREATS;
        var query = new LinkedHashMap<>(client.scope());
        query.put("limit", Integer.toString(PAGE));
        query.put(threats ? "updatedAt__gte" : "createdAt__gte", since.toString());
        if (threats) {
            query.put("sortBy", "updatedAt");
            query.put("sortOrder", "asc");
        }
        page.ifPresent(cursor -> query.put("cursor", cursor));
        JsonNode answer = threats
                ? client.read(Right.THREATS, "/threats", query)
                : client.read(Right.STAR_ALERTS, "/cloud-detection/alerts", query);
        var rows = new ArrayList<JsonNode>();
        answer.path("data").forEach(rows::add);
        return new Rows(rows, SentinelOne.text(answer.path("pagination"), "nextCursor"));
    }

    private static Instant changed(Stream stream, JsonNode row) {
        Optional<Instant> at = switch (stream) {
            case THREATS ->
                SentinelOne.time(row.path("threatInfo"), "updatedAt").or(() -> SentinelOne.time(row, "updatedAt"));
            case STAR -> SentinelOne.time(row.path("alertInfo"), "createdAt");
            case UNIFIED -> SentinelOne.time(row, "updatedAt").or(() -> SentinelOne.time(row, "detectedAt"));
        };
        return at.orElse(Instant.EPOCH);
    }

    private static String id(Stream stream, JsonNode row) {
        return stream == Stream.STAR
                ? row.path("alertInfo").path("alertId").asText("")
                : row.path("id").asText("");
    }

    private static RawAlert raw(JsonNode row) {
        try {
            return new RawAlert(SentinelOneProvider.NAME, SentinelOne.JSON.writeValueAsBytes(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
