package io.varve.provider.endpoint.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.varve.evidence.Digest;
import java.util.Optional;

/// What became of one path that was asked for.
///
/// @param path the file, or the pattern when nothing matched it
/// @param artifact which artefact of the profile asked for it
/// @param reason why it is not, or not wholly, collected
/// @param size bytes collected
/// @param sha256 of the bytes collected
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Outcome(
        String path,
        String artifact,
        Status status,
        Optional<String> reason,
        Optional<Long> size,
        Optional<Digest> sha256) {
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

    static Outcome collected(String path, String artifact, long size, Digest sha256, Optional<String> reason) {
        Status status = size == 0 ? Status.EMPTY : Status.COLLECTED;
        return new Outcome(path, artifact, status, reason, Optional.of(size), Optional.of(sha256));
    }

    /// Made here from live state or listings, or a link: no digest of its own.
    static Outcome collected(String path, String artifact, Optional<String> reason) {
        return new Outcome(path, artifact, Status.COLLECTED, reason, Optional.empty(), Optional.empty());
    }

    static Outcome missing(String path, String artifact) {
        return new Outcome(path, artifact, Status.MISSING, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Outcome failed(String path, String artifact, String reason) {
        return new Outcome(path, artifact, Status.FAILED, Optional.of(reason), Optional.empty(), Optional.empty());
    }
}
