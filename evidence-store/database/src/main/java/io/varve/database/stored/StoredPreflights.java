package io.varve.database.stored;

import io.varve.database.Preflights;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

/// Answers are for the moment: older ones are removed as new ones are asked for.
@ApplicationScoped
@Transactional
class StoredPreflights implements Preflights {
    private static final Duration KEPT = Duration.ofDays(1);

    private final StatelessSession session;

    @Inject
    StoredPreflights(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void insert(Asked asked) {
        session.createMutationQuery("delete from PreflightRow where requestedAt < :before")
                .setParameter("before", asked.requestedAt().minus(KEPT))
                .executeUpdate();
        session.insert(PreflightRow.of(asked));
    }

    @Override
    public Optional<Asked> find(UUID id) {
        return Optional.ofNullable(session.get(PreflightRow.class, id)).map(PreflightRow::asked);
    }

    @Override
    public void answered(UUID id, Optional<String> result, Optional<String> problem, Instant at) {
        PreflightRow row = session.get(PreflightRow.class, id);
        if (row == null) {
            return;
        }
        row.result = result.map(Json::clean).orElse(null);
        row.problem = problem.map(PlainText::storable).orElse(null);
        row.endedAt = at;
        session.update(row);
    }
}
