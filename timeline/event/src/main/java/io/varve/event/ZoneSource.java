package io.varve.event;

/// Why we believe a time is in the zone we read it in.
public enum ZoneSource {
    /// The format defines UTC.
    UTC,
    /// The record states its own offset.
    EXPLICIT,
    /// The host's configured zone, read from the evidence.
    HOST,
    /// Given by the person who started the run.
    GIVEN,
    /// Nothing says so: UTC was assumed.
    ASSUMED
}
