package io.varve.database.stored;

import io.varve.evidence.CustodyEntry;
import io.varve.evidence.CustodyWitness;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import org.hibernate.StatelessSession;

/// Sees entries in transactions of its own: an act that is rolled back was still written down.
@ApplicationScoped
@Transactional(TxType.REQUIRES_NEW)
class StoredCustodyWitness implements CustodyWitness {
    private final StatelessSession session;

    @Inject
    StoredCustodyWitness(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void saw(CustodyEntry entry) {
        session.createNativeMutationQuery(
                        "insert into custody_entry (evidence, sequence, organisation, at, actor, action, detail,"
                                + " previous, digest) values (:evidence, :sequence, :organisation, :at, :actor,"
                                + " :action, :detail, :previous, :digest) on conflict do nothing")
                .setParameter("evidence", entry.evidence().value())
                .setParameter("sequence", entry.sequence())
                .setParameter("organisation", entry.evidence().organisation())
                .setParameter("at", entry.at())
                .setParameter("actor", PlainText.storable(entry.actor()))
                .setParameter("action", PlainText.storable(entry.action()))
                .setParameter("detail", PlainText.storable(entry.detail()))
                .setParameter("previous", entry.previous().hex())
                .setParameter("digest", entry.digest().hex())
                .executeUpdate();
    }

    @Override
    public List<Seen> seen(EvidenceKey evidence) {
        return session.createNativeQuery(
                        "select sequence, digest from custody_entry where evidence = :evidence order by sequence",
                        Object[].class)
                .setParameter("evidence", evidence.value())
                .getResultStream()
                .map(row -> new Seen(((Number) row[0]).intValue(), new Digest((String) row[1])))
                .toList();
    }
}
