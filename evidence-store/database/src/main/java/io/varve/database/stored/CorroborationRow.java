package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Corroboration;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "corroboration")
@SuppressWarnings("NullAway.Init")
class CorroborationRow {
    @Id
    UUID alert;

    String organisation;

    @Enumerated(EnumType.STRING)
    Corroboration.State state;

    String reason;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String events;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String sources;

    Instant at;

    static CorroborationRow of(Corroboration corroboration) {
        CorroborationRow row = new CorroborationRow();
        row.alert = corroboration.alert().value();
        row.organisation = corroboration.organisation().value();
        row.state = corroboration.state();
        row.reason = corroboration.reason();
        row.events = Json.clean(corroboration.events());
        row.sources = Json.clean(corroboration.sources());
        row.at = corroboration.at();
        return row;
    }

    Corroboration corroboration() {
        return new Corroboration(
                new AlertId(alert), new Organisation(organisation), state, reason, events, sources, at);
    }
}
