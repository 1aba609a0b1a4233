package io.varve.web.incident;

import com.fasterxml.jackson.databind.JsonNode;
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
/// @param coverage totals over the incident's evidence
/// @param timelineQuery where the timeline opens from here
public record ForensicsView(
        IncidentView incident,
        List<AlertAnswer> alerts,
        List<CaptureView> captures,
        List<EvidenceView> evidence,
        List<DecisionView> decisions,
        List<JsonNode> firstEvents,
        Map<String, Long> coverage,
        TimelineLink timelineQuery) {

    public record AlertAnswer(AlertView alert, CorroborationView corroboration) {}

    /// @param events the events behind the state
    /// @param sources what was or was not read to come to it
    public record CorroborationView(Corroboration.State state, String reason, JsonNode events, JsonNode sources) {}

    public record TimelineLink(String incident, Instant from, Instant to, String q) {}
}
