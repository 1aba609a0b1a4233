package io.varve.emulator.darktrace;

import java.time.Instant;

/// A comment somebody wrote through the API.
///
/// @param on the id of the incident event, or the breach's `pbid`
/// @param username the public token that wrote it
public record Comment(String on, String username, Instant at, String message) {}
