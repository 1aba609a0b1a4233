package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.SeverityLabel;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

@Entity
@Table(name = "incident")
@SuppressWarnings("NullAway.Init")
class IncidentRow {
    @Id
    UUID id;

    String organisation;
    String title;
    int severity;

    @Enumerated(EnumType.STRING)
    SeverityLabel severityLabel;

    @Enumerated(EnumType.STRING)
    Incident.Status status;

    Instant openedAt;
    Instant firstSeen;
    Instant lastSeen;
    int alerts;

    static IncidentRow of(Incident incident) {
        IncidentRow row = new IncidentRow();
        row.id = incident.id().value();
        row.organisation = incident.organisation().value();
        row.title = incident.title();
        row.severity = incident.severity();
        row.severityLabel = incident.severityLabel();
        row.status = incident.status();
        row.openedAt = incident.openedAt();
        row.firstSeen = incident.firstSeen();
        row.lastSeen = incident.lastSeen();
        row.alerts = incident.alerts();
        return row;
    }

    Incident incident(List<AssetId> assets) {
        return new Incident(
                new IncidentId(id),
                new Organisation(organisation),
                title,
                severity,
                severityLabel,
                status,
                openedAt,
                firstSeen,
                lastSeen,
                assets,
                alerts);
    }
}
