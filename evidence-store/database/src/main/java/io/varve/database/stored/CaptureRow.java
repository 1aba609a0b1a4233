package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.RuleId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "capture")
@SuppressWarnings("NullAway.Init")
class CaptureRow {
    @Id
    UUID id;

    String organisation;
    String evidence;
    UUID asset;
    String provider;
    String target;
    String profile;

    @Nullable
    UUID alert;

    @Nullable
    UUID incident;

    @Nullable
    UUID rule;

    String requestedBy;
    Instant requestedAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    @Enumerated(EnumType.STRING)
    Capture.State state;

    boolean cancelRequested;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String steps;

    long done;
    long total;
    String text;

    @Nullable
    UUID fallbackOf;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String nextProviders;

    long patienceSeconds;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    String approval;

    static CaptureRow of(Capture capture) {
        CaptureRow row = new CaptureRow();
        row.id = capture.id().value();
        row.organisation = capture.organisation().value();
        row.evidence = capture.evidence();
        row.asset = capture.asset().value();
        row.provider = capture.provider();
        row.target = capture.target();
        row.profile = capture.profile();
        row.alert = capture.alert().map(AlertId::value).orElse(null);
        row.incident = capture.incident().map(IncidentId::value).orElse(null);
        row.rule = capture.rule().map(RuleId::value).orElse(null);
        row.requestedBy = capture.requestedBy();
        row.requestedAt = capture.requestedAt();
        row.startedAt = capture.startedAt().orElse(null);
        row.endedAt = capture.endedAt().orElse(null);
        row.state = capture.state();
        row.cancelRequested = capture.cancelRequested();
        row.steps = Json.write(capture.steps());
        row.done = capture.done();
        row.total = capture.total();
        row.text = capture.text();
        row.fallbackOf = capture.plan().fallbackOf().map(CaptureId::value).orElse(null);
        row.nextProviders = Json.write(capture.plan().next());
        row.patienceSeconds = capture.plan().patience().toSeconds();
        row.approval = capture.plan().approval().map(Json::write).orElse(null);
        return row;
    }

    Capture capture() {
        return new Capture(
                new CaptureId(id),
                new Organisation(organisation),
                evidence,
                new AssetId(asset),
                provider,
                target,
                profile,
                Optional.ofNullable(alert).map(AlertId::new),
                Optional.ofNullable(incident).map(IncidentId::new),
                Optional.ofNullable(rule).map(RuleId::new),
                requestedBy,
                requestedAt,
                Optional.ofNullable(startedAt),
                Optional.ofNullable(endedAt),
                state,
                cancelRequested,
                Json.textByName(steps),
                done,
                total,
                text,
                new Capture.Plan(
                        Optional.ofNullable(fallbackOf).map(CaptureId::new),
                        Json.texts(nextProviders),
                        Duration.ofSeconds(patienceSeconds),
                        Optional.ofNullable(approval).map(json -> Json.read(json, Capture.Approval.class))));
    }
}
