package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Exports.Export;
import io.varve.evidence.EvidenceKey;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "evidence_export")
@SuppressWarnings("NullAway.Init")
class ExportRow {
    @Id
    UUID id;

    String organisation;
    String evidence;
    String reason;
    String requestedBy;
    Instant requestedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String problem;

    @Nullable
    Long size;

    static ExportRow of(Export export) {
        ExportRow row = new ExportRow();
        row.id = export.id();
        row.organisation = export.organisation().value();
        row.evidence = export.evidence().value();
        row.reason = PlainText.storable(export.reason());
        row.requestedBy = export.requestedBy();
        row.requestedAt = export.requestedAt();
        row.endedAt = export.endedAt().orElse(null);
        row.problem = export.problem().map(PlainText::storable).orElse(null);
        row.size = export.size().orElse(null);
        return row;
    }

    Export export() {
        return new Export(
                id,
                new Organisation(organisation),
                new EvidenceKey(evidence),
                reason,
                requestedBy,
                requestedAt,
                Optional.ofNullable(endedAt),
                Optional.ofNullable(problem),
                Optional.ofNullable(size));
    }
}
