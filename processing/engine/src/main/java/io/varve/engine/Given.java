package io.varve.engine;

import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/// What the person who starts a run knows about the evidence.
public record Given(Optional<ZoneId> zone, OptionalInt year) {}
