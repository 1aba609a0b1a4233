package io.varve.evidence;

import java.time.Instant;
import java.util.Optional;

/// What keeps an object from being removed.
///
/// @param held whether it is on legal hold
public record Protection(Optional<Retention> retention, boolean held) {
    public static final Protection NONE = new Protection(Optional.empty(), false);

    public boolean forbidsRemovalAt(Instant now) {
        return held || retention.filter(kept -> kept.until().isAfter(now)).isPresent();
    }

    @Override
    public String toString() {
        String kept = retention
                .map(r -> "retained until %s (%s)".formatted(r.until(), r.mode()))
                .orElse("not retained");
        return held ? kept + ", on legal hold" : kept;
    }
}
