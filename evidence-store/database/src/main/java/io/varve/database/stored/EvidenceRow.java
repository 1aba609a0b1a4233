package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.CaptureId;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItem.Processing;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "evidence_item")
@SuppressWarnings("NullAway.Init")
class EvidenceRow {
    @Id
    String evidenceKey;

    String organisation;
    UUID asset;
    String provider;
    String profile;
    UUID capture;

    @Enumerated(EnumType.STRING)
    EvidenceItem.State state;

    long size;

    @Column(name = "sha256")
    @Nullable
    String digest;

    int parts;
    Instant createdAt;

    @Nullable
    Instant sealedAt;

    @Nullable
    String sameBytesAs;

    int run;

    @Enumerated(EnumType.STRING)
    Processing.State processing;

    long events;
    String text;
    long done;
    long total;

    @Nullable
    Instant processingStartedAt;

    @Nullable
    Instant processingEndedAt;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    String coverage;

    static EvidenceRow of(EvidenceItem item) {
        EvidenceRow row = new EvidenceRow();
        row.evidenceKey = item.key().value();
        row.organisation = item.key().organisation();
        row.asset = item.asset().value();
        row.provider = item.provider();
        row.profile = item.profile();
        row.capture = item.capture().value();
        row.state = item.state();
        row.size = item.size();
        row.digest = item.sha256().map(Digest::hex).orElse(null);
        row.parts = item.parts();
        row.createdAt = item.createdAt();
        row.sealedAt = item.sealedAt().orElse(null);
        row.sameBytesAs = item.sameBytesAs().map(EvidenceKey::value).orElse(null);
        row.run = item.run();
        row.processing = item.processing().state();
        row.events = item.processing().events();
        row.text = item.processing().text();
        row.done = item.processing().done();
        row.total = item.processing().total();
        row.processingStartedAt = item.processing().startedAt().orElse(null);
        row.processingEndedAt = item.processing().endedAt().orElse(null);
        return row;
    }

    EvidenceItem item() {
        return new EvidenceItem(
                new EvidenceKey(evidenceKey),
                new AssetId(asset),
                provider,
                profile,
                new CaptureId(capture),
                state,
                size,
                Optional.ofNullable(digest).map(Digest::new),
                parts,
                createdAt,
                Optional.ofNullable(sealedAt),
                Optional.ofNullable(sameBytesAs).map(EvidenceKey::new),
                run,
                new Processing(
                        processing,
                        events,
                        text,
                        done,
                        total,
                        Optional.ofNullable(processingStartedAt),
                        Optional.ofNullable(processingEndedAt)));
    }
}
