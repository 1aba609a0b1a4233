package io.varve.timeline;

/// One event found.
///
/// @param json the event as one line of JSON, as `varve process` writes it
public record Hit(IndexName index, String id, String json) {}
