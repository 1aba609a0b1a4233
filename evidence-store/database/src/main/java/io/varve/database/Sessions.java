package io.varve.database;

import io.varve.evidence.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Who is signed in. Only digests of the cookies are kept.
public interface Sessions {
    /// Begins a session; expired ones are removed on the way.
    void begin(Session session);

    /// The session and its user, unless it has expired.
    Optional<SignedIn> find(Digest token, Instant at);

    void end(Digest token);

    record Session(Digest token, UUID user, Instant createdAt, Instant expiresAt) {}

    record SignedIn(Session session, User user) {}
}
