package io.varve.engine;

import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/// What the person who starts a run knows about the evidence.
///
/// @param threads files of a disk that are read side by side
/// @param compare whether digests that a disk image states are compared with its content
public record Given(Optional<ZoneId> zone, OptionalInt year, int threads, boolean compare) {
    public Given(Optional<ZoneId> zone, OptionalInt year) {
        this(zone, year, Math.min(Runtime.getRuntime().availableProcessors(), 8), true);
    }
}
