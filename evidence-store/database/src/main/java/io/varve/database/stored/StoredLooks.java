package io.varve.database.stored;

import io.varve.database.Looks;
import io.varve.evidence.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredLooks implements Looks {
    private final StatelessSession session;

    @Inject
    StoredLooks(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void insert(Look look) {
        session.insert(LookRow.of(look));
    }

    @Override
    public Optional<Look> find(UUID id) {
        return Optional.ofNullable(session.get(LookRow.class, id)).map(LookRow::look);
    }

    @Override
    public void answered(UUID id, long size, Digest sha256, Instant at) {
        LookRow row = session.get(LookRow.class, id);
        if (row != null) {
            row.size = size;
            row.sha256 = sha256.hex();
            row.endedAt = at;
            session.update(row);
        }
    }

    @Override
    public void failed(UUID id, String problem, Instant at) {
        LookRow row = session.get(LookRow.class, id);
        if (row != null) {
            row.problem = PlainText.storable(problem);
            row.endedAt = at;
            session.update(row);
        }
    }

    @Override
    public List<Look> forget(Instant before, int limit) {
        List<LookRow> old = session.createSelectionQuery(
                        "from LookRow where requestedAt < :before order by requestedAt", LookRow.class)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultList();
        old.forEach(session::delete);
        return old.stream().map(LookRow::look).toList();
    }
}
