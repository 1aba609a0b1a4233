package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.EnrolmentTokens.EnrolmentToken;
import io.varve.evidence.Digest;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "enrolment_token")
@SuppressWarnings("NullAway.Init")
class EnrolmentTokenRow {
    @Id
    String token;

    String organisation;
    String name;
    String issuedBy;
    Instant issuedAt;
    Instant expiresAt;

    @Nullable
    Instant usedAt;

    static EnrolmentTokenRow of(EnrolmentToken token) {
        EnrolmentTokenRow row = new EnrolmentTokenRow();
        row.token = token.token().hex();
        row.organisation = token.organisation().value();
        row.name = token.name();
        row.issuedBy = token.issuedBy();
        row.issuedAt = token.issuedAt();
        row.expiresAt = token.expiresAt();
        return row;
    }

    EnrolmentToken token() {
        return new EnrolmentToken(
                new Digest(token), new Organisation(organisation), name, issuedBy, issuedAt, expiresAt);
    }
}
