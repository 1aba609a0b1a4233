package io.varve.database.stored;

import io.varve.database.Exports;
import io.varve.evidence.EvidenceKey;
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
class StoredExports implements Exports {
    private final StatelessSession session;

    @Inject
    StoredExports(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void insert(Export export) {
        session.insert(ExportRow.of(export));
    }

    @Override
    public Optional<Export> find(UUID id) {
        return Optional.ofNullable(session.get(ExportRow.class, id)).map(ExportRow::export);
    }

    @Override
    public List<Export> of(EvidenceKey evidence, int limit) {
        return session.createSelectionQuery(
                        "from ExportRow where evidence = :evidence order by requestedAt desc", ExportRow.class)
                .setParameter("evidence", evidence.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(ExportRow::export)
                .toList();
    }

    @Override
    public void ready(UUID id, long size, Instant at) {
        ExportRow row = session.get(ExportRow.class, id);
        if (row != null) {
            row.size = size;
            row.endedAt = at;
            session.update(row);
        }
    }

    @Override
    public void failed(UUID id, String problem, Instant at) {
        ExportRow row = session.get(ExportRow.class, id);
        if (row != null) {
            row.problem = PlainText.storable(problem);
            row.endedAt = at;
            session.update(row);
        }
    }
}
