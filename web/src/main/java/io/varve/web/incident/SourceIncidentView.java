package io.varve.web.incident;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.SeverityLabel;
import io.varve.database.Corroboration;
import java.time.Instant;
import java.util.Map;

/// What Varve knows of an alert or a group, for the console it came from.
///
/// @param incidents in how many incidents a group's alerts lie; the newest one is answered
/// @param captureState the furthest state of the incident's captures, `none` when there are none
/// @param link to the Forensics tab; a path unless the server knows its public address
public record SourceIncidentView(
        String source,
        String id,
        Matched matched,
        IncidentSummary incident,
        int incidents,
        Counts counts,
        Verdict verdict,
        String captureState,
        String captureText,
        String link) {
    public enum Matched {
        ALERT,
        GROUP
    }

    public record IncidentSummary(
            String id,
            String title,
            int severity,
            SeverityLabel severityLabel,
            Incident.Status status,
            Instant firstSeen,
            Instant lastSeen) {
        static IncidentSummary of(Incident incident) {
            return new IncidentSummary(
                    incident.id().toString(),
                    incident.title(),
                    incident.severity(),
                    incident.severityLabel(),
                    incident.status(),
                    incident.firstSeen(),
                    incident.lastSeen());
        }
    }

    /// @param alerts those of the id that was asked for
    /// @param bytes of evidence
    /// @param events searchable so far
    public record Counts(int alerts, Map<Capture.State, Long> captures, int evidence, long bytes, long events) {}

    /// @param state the best one
    public record Verdict(
            Corroboration.State state,
            Corroboration.State worst,
            Corroboration.State best,
            Map<Corroboration.State, Long> alerts,
            String text) {}
}
