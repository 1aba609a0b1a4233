package io.varve.provider.collector;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.varve.evidence.Digest;
import java.util.Optional;

/// What became of one path that was asked for: a line of `varve/outcomes.jsonl`.
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record PlainOutcome(
        String path,
        String artifact,
        Status status,
        Optional<String> reason,
        Optional<Long> size,
        Optional<String> sha256) {
    enum Status {
        @JsonProperty("collected")
        COLLECTED,
        @JsonProperty("missing")
        MISSING,
        @JsonProperty("empty")
        EMPTY,
        @JsonProperty("failed")
        FAILED
    }

    static PlainOutcome arrived(String path, String artifact, long size, Digest sha256) {
        Status status = size == 0 ? Status.EMPTY : Status.COLLECTED;
        return new PlainOutcome(path, artifact, status, Optional.empty(), Optional.of(size), Optional.of(sha256.hex()));
    }

    static PlainOutcome missing(String path, String artifact) {
        return new PlainOutcome(path, artifact, Status.MISSING, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PlainOutcome failed(String path, String artifact, String reason) {
        return new PlainOutcome(path, artifact, Status.FAILED, Optional.of(reason), Optional.empty(), Optional.empty());
    }
}
