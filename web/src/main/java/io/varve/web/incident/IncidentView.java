package io.varve.web.incident;

import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.SeverityLabel;
import io.varve.web.Named;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// An incident as clients see it.
///
/// @param captures how many of its captures are in which state
public record IncidentView(
        String id,
        String title,
        int severity,
        SeverityLabel severityLabel,
        Incident.Status status,
        Instant openedAt,
        Instant firstSeen,
        Instant lastSeen,
        int alerts,
        List<Named> assets,
        Map<Capture.State, Long> captures) {
    static IncidentView of(Incident incident, List<Capture> captures, Assets assets) {
        var states = new EnumMap<Capture.State, Long>(Capture.State.class);
        for (Capture.State state : Capture.State.values()) {
            states.put(
                    state,
                    captures.stream()
                            .filter(capture -> capture.state() == state)
                            .count());
        }
        return new IncidentView(
                incident.id().toString(),
                incident.title(),
                incident.severity(),
                incident.severityLabel(),
                incident.status(),
                incident.openedAt(),
                incident.firstSeen(),
                incident.lastSeen(),
                incident.alerts(),
                incident.assets().stream()
                        .map(asset -> Named.asset(asset, assets))
                        .distinct()
                        .toList(),
                states);
    }
}
