package io.varve.web.incident;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.Decision;
import io.varve.database.Corroboration;
import io.varve.web.alert.AlertView;
import io.varve.web.alert.DecisionView;
import io.varve.web.capture.CaptureView;
import io.varve.web.evidence.EvidenceView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// All that the Forensics tab shows, in one answer.
///
/// @param firstEvents events behind the alerts, or around them while none is known, oldest first
/// @param expiring what of the incident's assets will be lost, the most urgent first
/// @param coverage totals over the incident's evidence
/// @param timelineQuery where the timeline opens from here
/// @param totals how many alerts and decisions there are: the most telling of them are in the lists
public record ForensicsView(
        IncidentView incident,
        List<AlertAnswer> alerts,
        List<CaptureView> captures,
        List<EvidenceView> evidence,
        List<DecisionView> decisions,
        List<JsonNode> firstEvents,
        List<ExpiringView> expiring,
        Map<String, Long> coverage,
        TimelineLink timelineQuery,
        Totals totals) {

    public record AlertAnswer(AlertView alert, CorroborationView corroboration) {}

    /// @param events the events behind the state
    /// @param sources what was or was not read to come to it
    public record CorroborationView(Corroboration.State state, String reason, JsonNode events, JsonNode sources) {}

    /// How many there are of what is shown in part.
    public record Totals(
            int alerts, Map<Corroboration.State, Long> corroborations, Map<Decision.Outcome, Long> decisions) {}

    public record TimelineLink(String incident, Instant from, Instant to, String q) {}
}
