package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/// A snapshot that was made.
///
/// @param id resource id as it was asked for
/// @param body what was asked for
/// @param settling how long its copy in the background takes
record Snapshot(String id, JsonNode body, String diskId, ManagedDisk disk, Instant created, Duration settling) {
    double percent(Instant now) {
        if (settling.isZero()) {
            return 100;
        }
        double share = (double) Duration.between(created, now).toMillis() / settling.toMillis();
        return Math.min(100, Math.floor(1000 * share) / 10);
    }
}
