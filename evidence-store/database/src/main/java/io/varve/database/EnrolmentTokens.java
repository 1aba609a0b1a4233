package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.Digest;
import java.time.Instant;
import java.util.Optional;

/// One-time tokens that let an agent enrol. Only their digests are kept.
public interface EnrolmentTokens {
    void issue(EnrolmentToken token);

    /// Uses the token up: of many calls exactly one gets it, and none after it expired.
    Optional<EnrolmentToken> redeem(Digest token, Instant at);

    /// @param name what the person who made it wants to call the agent; may be empty
    /// @param issuedBy user or key that made it
    record EnrolmentToken(
            Digest token,
            Organisation organisation,
            String name,
            String issuedBy,
            Instant issuedAt,
            Instant expiresAt) {}
}
