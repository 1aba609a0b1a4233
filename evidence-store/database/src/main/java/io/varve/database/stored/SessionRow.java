package io.varve.database.stored;

import io.varve.database.Sessions.Session;
import io.varve.evidence.Digest;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "user_session")
@SuppressWarnings("NullAway.Init")
class SessionRow {
    @Id
    String token;

    String organisation;
    UUID localUser;
    Instant createdAt;
    Instant expiresAt;

    static SessionRow of(Session session, String organisation) {
        SessionRow row = new SessionRow();
        row.token = session.token().hex();
        row.organisation = organisation;
        row.localUser = session.user();
        row.createdAt = session.createdAt();
        row.expiresAt = session.expiresAt();
        return row;
    }

    Session session() {
        return new Session(new Digest(token), localUser, createdAt, expiresAt);
    }
}
