package io.varve.acquisition.expiry;

import io.varve.acquisition.model.CaptureId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something of an asset that will be lost.
///
/// @param until when it is gone, where that is known
/// @param profiles of captures that take it; none when Varve does not take it
/// @param capture the one that takes it, or took it
public record Expiring(
        Perishable what, Optional<Instant> until, State state, List<String> profiles, Optional<CaptureId> capture) {
    /// In the order of their urgency.
    public enum State {
        /// Nothing takes it yet.
        OPEN,
        /// A capture is asked for or runs.
        TAKING,
        /// It cannot be lost while the capture runs: the cloud was told to keep it.
        HELD,
        TAKEN,
        /// Its time is over, and nothing took it.
        GONE
    }
}
