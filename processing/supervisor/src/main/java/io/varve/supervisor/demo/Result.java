package io.varve.supervisor.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/// What the demonstration showed, one JSON line for scripts.
///
/// @param events searchable events of this capture
/// @param corroboration state of each alert, by source
public record Result(
        @JsonProperty("incident") String incident,
        @JsonProperty("forensics_url") String forensicsUrl,
        @JsonProperty("alert_to_evidence_seconds") double alertToEvidence,
        @JsonProperty("alert_to_first_event_seconds") double alertToFirstEvent,
        @JsonProperty("events") long events,
        @JsonProperty("evidence") String evidence,
        @JsonProperty("evidence_sha256") String sha256,
        @JsonProperty("custody_verified") boolean custodyVerified,
        @JsonProperty("coverage") JsonNode coverage,
        @JsonProperty("corroboration") Map<String, String> corroboration) {
    public String json() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
