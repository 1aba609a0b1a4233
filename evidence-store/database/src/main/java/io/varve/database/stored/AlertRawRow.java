package io.varve.database.stored;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/// The body of an alert as it came. Apart from its row, because most readers do not want it.
@Entity
@Table(name = "alert_raw")
@SuppressWarnings("NullAway.Init")
class AlertRawRow {
    @Id
    UUID alert;

    String organisation;
    byte[] body;
}
