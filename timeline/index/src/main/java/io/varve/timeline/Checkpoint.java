package io.varve.timeline;

/// What the last commit of an index holds.
///
/// @param position the caller's own text, given to [TimelineWriter#commit]: where to go on from
/// @param events events in the index
public record Checkpoint(String position, long events) {}
