package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Audit;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "audit")
@SuppressWarnings("NullAway.Init")
class AuditRow {
    @Id
    UUID id;

    String organisation;
    Instant at;
    String actor;
    String action;
    String subject;
    String detail;
    String address;

    static AuditRow of(Audit.Entry entry) {
        AuditRow row = new AuditRow();
        row.id = UUID.randomUUID();
        row.organisation = entry.organisation().value();
        row.at = entry.at();
        row.actor = entry.actor();
        row.action = entry.action();
        row.subject = entry.subject();
        row.detail = entry.detail();
        row.address = entry.address();
        return row;
    }

    Audit.Entry entry() {
        return new Audit.Entry(at, new Organisation(organisation), actor, action, subject, detail, address);
    }
}
