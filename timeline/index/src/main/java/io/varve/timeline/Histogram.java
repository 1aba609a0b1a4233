package io.varve.timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Events over time.
///
/// @param from begin of the first bucket; absent when nothing dated matches and no range was given
/// @param to end of the last bucket
/// @param interval width of every bucket
/// @param buckets all of them, oldest first, empty ones too
/// @param undated events that match but carry no time, whatever range was asked for
public record Histogram(
        Optional<Instant> from, Optional<Instant> to, Duration interval, List<Bucket> buckets, long undated) {
    /// Most buckets one histogram may have.
    public static final int MOST_BUCKETS = 1_000;

    /// @param at begin of the bucket
    public record Bucket(Instant at, long count) {}
}
