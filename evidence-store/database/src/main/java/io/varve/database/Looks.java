package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What people look at in sealed evidence: asked for by the server, answered by a worker's engine. The answer is an
/// object of the store, named [Look#object]; it is derived and kept for a day.
public interface Looks {
    void insert(Look look);

    Optional<Look> find(UUID id);

    /// The answer is there.
    ///
    /// @param size of the answer in bytes
    void answered(UUID id, long size, Digest sha256, Instant at);

    /// There is no answer.
    void failed(UUID id, String problem, Instant at);

    /// Removes the looks of before, whose answers are no longer wanted.
    ///
    /// @return what was removed
    List<Look> forget(Instant before, int limit);

    enum Kind {
        LIST,
        READ
    }

    /// @param volume absent for evidence without volumes
    /// @param offset first byte that is read
    /// @param length bytes that are read, -1 to the end of the file
    /// @param problem why there is no answer
    record Look(
            UUID id,
            Organisation organisation,
            EvidenceKey evidence,
            Kind kind,
            Optional<String> volume,
            String path,
            long offset,
            long length,
            String requestedBy,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            Optional<Long> size,
            Optional<Digest> sha256) {

        /// Outside the evidence's own folder: nothing sealed is touched.
        public String object() {
            return "looks/%s/%s".formatted(organisation, id);
        }
    }
}
