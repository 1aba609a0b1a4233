package io.varve.database.stored;

import io.varve.database.Sessions;
import io.varve.evidence.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredSessions implements Sessions {
    private final StatelessSession session;

    @Inject
    StoredSessions(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void begin(Session begun) {
        UserRow user = session.get(UserRow.class, begun.user());
        if (user == null) {
            throw new NoSuchElementException("no user " + begun.user());
        }
        session.createMutationQuery("delete from SessionRow where expiresAt < :now")
                .setParameter("now", begun.createdAt())
                .executeUpdate();
        session.insert(SessionRow.of(begun, user.organisation));
    }

    @Override
    public Optional<SignedIn> find(Digest token, Instant at) {
        SessionRow row = session.get(SessionRow.class, token.hex());
        if (row == null || !row.expiresAt.isAfter(at)) {
            return Optional.empty();
        }
        return Optional.ofNullable(session.get(UserRow.class, row.localUser))
                .map(user -> new SignedIn(row.session(), user.user()));
    }

    @Override
    public void end(Digest token) {
        session.createMutationQuery("delete from SessionRow where token = :token")
                .setParameter("token", token.hex())
                .executeUpdate();
    }
}
