package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Evidence packages: asked for by people, prepared and signed by a worker.
public interface Exports {
    void insert(Export export);

    Optional<Export> find(UUID id);

    /// Newest first.
    List<Export> of(EvidenceKey evidence, int limit);

    /// It is ready.
    ///
    /// @param size of the archive in bytes
    void ready(UUID id, long size, Instant at);

    /// There will be none.
    void failed(UUID id, String problem, Instant at);

    /// @param reason why it was wanted, as the custody entry has it
    /// @param problem why there is no package
    record Export(
            UUID id,
            Organisation organisation,
            EvidenceKey evidence,
            String reason,
            String requestedBy,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            Optional<Long> size) {}
}
