package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Keys that people gave for encrypted evidence, sealed for the workers: no value is ever read back by the server.
public interface EvidenceKeys {
    void insert(SealedKey key);

    /// In the order they were given.
    List<SealedKey> of(EvidenceKey evidence);

    /// @return whether there was one
    boolean remove(EvidenceKey evidence, UUID id);

    /// @param kind e.g. `password` or `recovery`
    record SealedKey(
            UUID id,
            Organisation organisation,
            EvidenceKey evidence,
            String kind,
            String sealed,
            String addedBy,
            Instant addedAt) {
        /// What the value is sealed for: it opens for nothing else.
        public static String purpose(EvidenceKey evidence, UUID id) {
            return "evidence-key/%s/%s".formatted(evidence.value(), id);
        }
    }
}
