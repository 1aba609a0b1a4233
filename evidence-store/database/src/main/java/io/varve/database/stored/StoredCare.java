package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Care;
import io.varve.database.Changes.What;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.hibernate.query.MutationQuery;
import org.hibernate.query.NativeQuery;

@ApplicationScoped
@Transactional
class StoredCare implements Care {
    /// What forbids deletion: an item that policy may let go meets none of it.
    private static final String MAY_GO = """
        e.state = 'SEALED' and e.sealed_at < :before
        and not exists (select from evidence_care c where c.evidence = e.evidence_key
            and (c.held_at is not null or c.retain_until > :now))
        and not exists (select from evidence_item other
            where other.same_bytes_as = e.evidence_key and other.state = 'SEALED')\
        """;

    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredCare(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public Kept of(EvidenceKey evidence) {
        return Optional.ofNullable(session.get(CareRow.class, evidence.value()))
                .map(CareRow::kept)
                .orElse(CareRow.NOTHING);
    }

    @Override
    public boolean hold(EvidenceKey evidence, Hold hold) {
        row(evidence);
        int placed = update("held_by = :by, held_at = :at, hold_reason = :reason where held_at is null and", evidence)
                .setParameter("by", hold.by())
                .setParameter("at", hold.at())
                .setParameter("reason", PlainText.storable(hold.reason()))
                .executeUpdate();
        return placed > 0;
    }

    @Override
    public boolean lift(EvidenceKey evidence) {
        return update("held_by = null, held_at = null, hold_reason = null where held_at is not null and", evidence)
                        .executeUpdate()
                > 0;
    }

    @Override
    public Instant retain(EvidenceKey evidence, Instant until) {
        row(evidence);
        update("retain_until = greatest(retain_until, :until) where", evidence)
                .setParameter("until", until)
                .executeUpdate();
        return of(evidence).retainUntil().orElse(until);
    }

    @Override
    public List<EvidenceKey> due(Instant before, int limit) {
        return keys("""
            select e.evidence_key from evidence_item e
            left join evidence_care c on c.evidence = e.evidence_key
            where e.state = 'SEALED' and coalesce(c.checked_at, e.sealed_at) < :before
            order by coalesce(c.part, 0) > 0 desc, coalesce(c.checked_at, e.sealed_at)\
            """)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultStream()
                .map(EvidenceKey::new)
                .toList();
    }

    @Override
    public void progress(EvidenceKey evidence, int part, List<String> bad) {
        row(evidence);
        update("part = :part, bad_parts = cast(:bad as jsonb) where", evidence)
                .setParameter("part", part)
                .setParameter("bad", Json.write(bad))
                .executeUpdate();
    }

    @Override
    public void checked(EvidenceKey evidence, Instant at, Optional<String> problem) {
        row(evidence);
        update("part = 0, bad_parts = '[]', checked_at = :at, problem = :problem where", evidence)
                .setParameter("at", at)
                .setParameter("problem", problem.map(PlainText::storable).orElse(null), String.class)
                .executeUpdate();
        changes.subject(evidence.value(), What.EVIDENCE);
    }

    @Override
    public List<EvidenceKey> alarms(Organisation organisation, int limit) {
        return keys("select evidence from evidence_care where organisation = :organisation and problem is not null"
                        + " order by checked_at desc")
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(EvidenceKey::new)
                .toList();
    }

    @Override
    public List<EvidenceKey> expired(Instant sealedBefore, Instant now, int limit) {
        return keys("select e.evidence_key from evidence_item e where " + MAY_GO
                        + " or e.state = 'DELETED' and not exists (select from evidence_care c"
                        + " where c.evidence = e.evidence_key and c.purged_at is not null) order by e.sealed_at")
                .setParameter("before", sealedBefore)
                .setParameter("now", now)
                .setMaxResults(limit)
                .getResultStream()
                .map(EvidenceKey::new)
                .toList();
    }

    @Override
    public boolean deleted(EvidenceKey evidence, Instant sealedBefore, Instant now) {
        int marked = session.createNativeMutationQuery(
                        "update evidence_item e set state = 'DELETED' where e.evidence_key = :key and " + MAY_GO)
                .setParameter("key", evidence.value())
                .setParameter("before", sealedBefore)
                .setParameter("now", now)
                .executeUpdate();
        changes.subject(evidence.value(), What.EVIDENCE);
        return marked > 0
                || session.createSelectionQuery(
                                        "from EvidenceRow where evidenceKey = :key and state = DELETED",
                                        EvidenceRow.class)
                                .setParameter("key", evidence.value())
                                .uniqueResult()
                        != null;
    }

    @Override
    public void purged(EvidenceKey evidence, Instant at) {
        row(evidence);
        update("purged_at = :at where", evidence).setParameter("at", at).executeUpdate();
    }

    private void row(EvidenceKey evidence) {
        session.createNativeMutationQuery("insert into evidence_care (evidence, organisation) values"
                        + " (:evidence, :organisation) on conflict do nothing")
                .setParameter("evidence", evidence.value())
                .setParameter("organisation", evidence.organisation())
                .executeUpdate();
    }

    private MutationQuery update(String assignmentsAndWhere, EvidenceKey evidence) {
        return session.createNativeMutationQuery(
                        "update evidence_care set " + assignmentsAndWhere + " evidence = :evidence")
                .setParameter("evidence", evidence.value());
    }

    private NativeQuery<String> keys(String query) {
        return session.createNativeQuery(query, String.class);
    }
}
