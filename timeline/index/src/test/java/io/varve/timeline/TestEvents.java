package io.varve.timeline;

import io.varve.event.EventTime;
import io.varve.event.Location;
import io.varve.event.Precision;
import io.varve.event.RecordKey;
import io.varve.event.TimelineEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Builds events for tests the way the engine does: with real keys made from location and record.
public final class TestEvents {
    private final String evidence;
    private String host = "web01";
    private String meaning = "Recorded";

    /// @param evidence the evidence id, `ev-…`
    public TestEvents(String evidence) {
        this.evidence = evidence;
    }

    public TestEvents host(String name) {
        host = name;
        return this;
    }

    /// What the times of the next events mean.
    public TestEvents meaning(String text) {
        meaning = text;
        return this;
    }

    /// An event at a time (ISO 8601), or undated when it is empty.
    public TimelineEvent event(
            String time, String dataType, String path, String record, String message, Object... fields) {
        var location = new Location(
                evidence,
                Optional.empty(),
                path,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of(record));
        RecordKey key = RecordKey.of(location, dataType, meaning);
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            named.put((String) fields[i], fields[i + 1]);
        }
        return new TimelineEvent(
                key.eventId("main/" + evidence),
                key.value(),
                time.isEmpty()
                        ? Optional.empty()
                        : Optional.of(EventTime.utc(Instant.parse(time), Precision.NANOSECOND)),
                meaning,
                dataType,
                dataType.substring(dataType.indexOf(':') + 1).replace(':', '_'),
                message,
                Optional.of(host),
                Optional.ofNullable((String) named.get("user.name")),
                location,
                named);
    }
}
