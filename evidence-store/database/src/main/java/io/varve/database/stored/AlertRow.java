package io.varve.database.stored;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Organisation;
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
@Table(name = "alert")
@SuppressWarnings("NullAway.Init")
class AlertRow {
    @Id
    UUID id;

    String organisation;
    String source;
    Instant receivedAt;

    @Enumerated(EnumType.STRING)
    Alert.State state;

    @Nullable
    String problem;

    @Nullable
    String sourceAlertId;

    @Nullable
    String sourceGroupId;

    @Nullable
    Integer severity;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    @Nullable
    String normalised;

    @Nullable
    UUID asset;

    @Nullable
    UUID incident;

    static AlertRow of(Alert alert) {
        AlertRow row = new AlertRow();
        row.id = alert.id().value();
        row.organisation = alert.organisation().value();
        row.source = alert.source();
        row.receivedAt = alert.receivedAt();
        row.state = alert.state();
        row.problem = alert.problem().orElse(null);
        row.sourceAlertId =
                alert.normalised().map(NormalisedAlert::sourceAlertId).orElse(null);
        row.sourceGroupId =
                alert.normalised().flatMap(NormalisedAlert::sourceGroupId).orElse(null);
        row.severity = alert.normalised().map(NormalisedAlert::severity).orElse(null);
        row.normalised = alert.normalised().map(Json::write).orElse(null);
        row.asset = alert.asset().map(AssetId::value).orElse(null);
        row.incident = alert.incident().map(IncidentId::value).orElse(null);
        return row;
    }

    Alert alert() {
        return new Alert(
                new AlertId(id),
                new Organisation(organisation),
                source,
                receivedAt,
                state,
                Optional.ofNullable(problem),
                Optional.ofNullable(normalised).map(json -> Json.read(json, NormalisedAlert.class)),
                Optional.ofNullable(asset).map(AssetId::new),
                Optional.ofNullable(incident).map(IncidentId::new));
    }
}
