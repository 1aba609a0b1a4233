package io.varve.database.stored;

import io.varve.database.EnrolmentTokens;
import io.varve.evidence.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredEnrolmentTokens implements EnrolmentTokens {
    private final StatelessSession session;

    @Inject
    StoredEnrolmentTokens(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void issue(EnrolmentToken token) {
        session.insert(EnrolmentTokenRow.of(token));
    }

    /// The update is the test: whoever changes the row has the token.
    @Override
    public Optional<EnrolmentToken> redeem(Digest token, Instant at) {
        int used = session.createMutationQuery(
                        "update EnrolmentTokenRow set usedAt = :at where token = :token and usedAt is null and expiresAt > :at")
                .setParameter("at", at)
                .setParameter("token", token.hex())
                .executeUpdate();
        return used == 0
                ? Optional.empty()
                : Optional.ofNullable(session.get(EnrolmentTokenRow.class, token.hex()))
                        .map(EnrolmentTokenRow::token);
    }
}
