package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How evidence is kept: what must not be deleted, and what reading it back found.
public interface Care {
    /// What is known of an item; nothing is known of most.
    Kept of(EvidenceKey evidence);

    /// Forbids deletion until it is lifted. One that is there already stays as it is.
    ///
    /// @return whether it was placed now
    boolean hold(EvidenceKey evidence, Hold hold);

    /// @return whether there was one
    boolean lift(EvidenceKey evidence);

    /// Keeps the item until then; never shortens what was promised.
    ///
    /// @return what holds now
    Instant retain(EvidenceKey evidence, Instant until);

    /// Sealed items whose bytes were never read back or were before, oldest first.
    List<EvidenceKey> due(Instant before, int limit);

    /// Says how far reading back is, so that it goes on there.
    ///
    /// @param part parts read
    /// @param bad what did not fit so far
    void progress(EvidenceKey evidence, int part, List<String> bad);

    /// Ends reading back.
    ///
    /// @param problem what is wrong with the item; absent when it is as it was sealed
    void checked(EvidenceKey evidence, Instant at, Optional<String> problem);

    /// Items something is wrong with.
    List<EvidenceKey> alarms(Organisation organisation, int limit);

    /// Sealed items that policy lets go: sealed before, no hold, retention over, no other item refers to their bytes.
    /// Also those marked as deleted whose bytes are not known to be gone.
    List<EvidenceKey> expired(Instant sealedBefore, Instant now, int limit);

    /// Marks an item as deleted, unless something forbids it by now.
    ///
    /// @return whether it was marked, by this call or before; then its bytes may go
    boolean deleted(EvidenceKey evidence, Instant sealedBefore, Instant now);

    /// The bytes of an item marked as deleted are gone.
    void purged(EvidenceKey evidence, Instant at);

    record Hold(String by, Instant at, String reason) {}

    /// @param part parts read back so far of a check that goes on
    /// @param bad what did not fit in these
    /// @param checkedAt when the bytes were last read back whole
    record Kept(
            Optional<Hold> hold,
            Optional<Instant> retainUntil,
            int part,
            List<String> bad,
            Optional<Instant> checkedAt,
            Optional<String> problem) {}
}
