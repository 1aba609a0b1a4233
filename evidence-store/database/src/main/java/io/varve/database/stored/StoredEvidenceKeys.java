package io.varve.database.stored;

import io.varve.database.EvidenceKeys;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredEvidenceKeys implements EvidenceKeys {
    private final StatelessSession session;

    @Inject
    StoredEvidenceKeys(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void insert(SealedKey key) {
        session.insert(EvidenceKeyRow.of(key));
    }

    @Override
    public List<SealedKey> of(EvidenceKey evidence) {
        return session
                .createSelectionQuery(
                        "from EvidenceKeyRow where evidence = :evidence order by addedAt", EvidenceKeyRow.class)
                .setParameter("evidence", evidence.value())
                .getResultList()
                .stream()
                .map(EvidenceKeyRow::key)
                .toList();
    }

    @Override
    public boolean remove(EvidenceKey evidence, UUID id) {
        return session.createMutationQuery("delete from EvidenceKeyRow where evidence = :evidence and id = :id")
                        .setParameter("evidence", evidence.value())
                        .setParameter("id", id)
                        .executeUpdate()
                > 0;
    }
}
