package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Audit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredAudit implements Audit {
    private final StatelessSession session;

    @Inject
    StoredAudit(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void add(Entry entry) {
        session.insert(AuditRow.of(entry));
    }

    @Override
    public List<Entry> newest(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from AuditRow where organisation = :organisation order by at desc, id", AuditRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AuditRow::entry)
                .toList();
    }
}
