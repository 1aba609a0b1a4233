package io.varve.database.stored;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "signing_key")
@SuppressWarnings("NullAway.Init")
class SigningKeyRow {
    @Id
    String fingerprint;

    String publicKey;
    Instant since;

    @Nullable
    Instant retired;
}
