package io.varve.database.stored;

import io.varve.database.Locks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class StoredLocks implements Locks {
    private final StatelessSession session;

    @Inject
    StoredLocks(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void transaction(String name) {
        session.createNativeQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtextextended(:name, 0))) held", Integer.class)
                .setParameter("name", PlainText.storable(name))
                .getSingleResult();
    }
}
