package io.varve.provider.collector.archive;

import com.fasterxml.jackson.annotation.JsonInclude;

/// What became of one thing that was asked for: a line of `varve/outcomes.jsonl`.
///
/// @param status `collected`, `missing`, `empty` or `failed`
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Outcome(String path, String artifact, String status, String reason, String sha256) {
    public static Outcome collected(String path, String artifact, String sha256) {
        return new Outcome(path, artifact, "collected", "", sha256);
    }

    public static Outcome empty(String path, String artifact) {
        return new Outcome(path, artifact, "empty", "", "");
    }

    public static Outcome missing(String path, String artifact, String reason) {
        return new Outcome(path, artifact, "missing", reason, "");
    }

    public static Outcome failed(String path, String artifact, String reason) {
        return new Outcome(path, artifact, "failed", reason, "");
    }
}
