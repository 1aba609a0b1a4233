package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.EvidenceKeys.SealedKey;
import io.varve.evidence.EvidenceKey;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "evidence_key")
@SuppressWarnings("NullAway.Init")
class EvidenceKeyRow {
    @Id
    UUID id;

    String organisation;
    String evidence;
    String kind;
    String sealed;
    String addedBy;
    Instant addedAt;

    static EvidenceKeyRow of(SealedKey key) {
        EvidenceKeyRow row = new EvidenceKeyRow();
        row.id = key.id();
        row.organisation = key.organisation().value();
        row.evidence = key.evidence().value();
        row.kind = key.kind();
        row.sealed = key.sealed();
        row.addedBy = key.addedBy();
        row.addedAt = key.addedAt();
        return row;
    }

    SealedKey key() {
        return new SealedKey(
                id, new Organisation(organisation), new EvidenceKey(evidence), kind, sealed, addedBy, addedAt);
    }
}
