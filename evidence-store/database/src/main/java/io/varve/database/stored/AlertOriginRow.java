package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.AlertOrigins.Origin;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "alert_origin")
@SuppressWarnings("NullAway.Init")
class AlertOriginRow {
    @Id
    UUID alert;

    String organisation;
    UUID integration;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String headers;

    static AlertOriginRow of(Origin origin) {
        AlertOriginRow row = new AlertOriginRow();
        row.alert = origin.alert().value();
        row.organisation = origin.organisation().value();
        row.integration = origin.integration().value();
        row.headers = Json.write(new TreeMap<>(origin.headers()));
        return row;
    }

    Origin origin() {
        return new Origin(
                new AlertId(alert),
                new Organisation(organisation),
                new IntegrationId(integration),
                Json.textByName(headers));
    }
}
