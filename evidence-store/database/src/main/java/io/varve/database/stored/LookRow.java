package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Looks.Kind;
import io.varve.database.Looks.Look;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "evidence_look")
@SuppressWarnings("NullAway.Init")
class LookRow {
    @Id
    UUID id;

    String organisation;
    String evidence;
    String kind;

    @Nullable
    String volume;

    String path;
    long firstByte;
    long length;
    String requestedBy;
    Instant requestedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String problem;

    @Nullable
    Long size;

    @Nullable
    String sha256;

    static LookRow of(Look look) {
        LookRow row = new LookRow();
        row.id = look.id();
        row.organisation = look.organisation().value();
        row.evidence = look.evidence().value();
        row.kind = look.kind().name().toLowerCase(Locale.ROOT);
        row.volume = look.volume().map(PlainText::storable).orElse(null);
        row.path = PlainText.storable(look.path());
        row.firstByte = look.offset();
        row.length = look.length();
        row.requestedBy = look.requestedBy();
        row.requestedAt = look.requestedAt();
        row.endedAt = look.endedAt().orElse(null);
        row.problem = look.problem().map(PlainText::storable).orElse(null);
        row.size = look.size().orElse(null);
        row.sha256 = look.sha256().map(Digest::hex).orElse(null);
        return row;
    }

    Look look() {
        return new Look(
                id,
                new Organisation(organisation),
                new EvidenceKey(evidence),
                Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                Optional.ofNullable(volume),
                path,
                firstByte,
                length,
                requestedBy,
                requestedAt,
                Optional.ofNullable(endedAt),
                Optional.ofNullable(problem),
                Optional.ofNullable(size),
                Optional.ofNullable(sha256).map(Digest::new));
    }
}
