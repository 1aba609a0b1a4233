package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.database.Corroboration;
import io.varve.evidence.EvidenceKey;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.UUID;

@Entity
@Table(name = "alert_event")
@IdClass(AlertEventRow.Key.class)
@SuppressWarnings("NullAway.Init")
class AlertEventRow {
    @Id
    UUID alert;

    @Id
    @Convert(disableConversion = true)
    String event;

    String organisation;
    String evidence;

    record Key(UUID alert, String event) {}

    static AlertEventRow of(Corroboration corroboration, Corroboration.Link link) {
        AlertEventRow row = new AlertEventRow();
        row.alert = corroboration.alert().value();
        row.event = link.event();
        row.organisation = corroboration.organisation().value();
        row.evidence = link.evidence().value();
        return row;
    }

    AlertId alert() {
        return new AlertId(alert);
    }

    Corroboration.Link link() {
        return new Corroboration.Link(event, new EvidenceKey(evidence));
    }
}
