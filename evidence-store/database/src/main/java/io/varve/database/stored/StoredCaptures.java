package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.RuleId;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
@Transactional
class StoredCaptures implements Captures {
    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredCaptures(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public Optional<Capture> find(CaptureId id) {
        return Optional.ofNullable(session.get(CaptureRow.class, id.value())).map(CaptureRow::capture);
    }

    @Override
    public Optional<Capture> byEvidence(String evidence) {
        return session.createSelectionQuery("from CaptureRow where evidence = :evidence", CaptureRow.class)
                .setParameter("evidence", evidence)
                .uniqueResultOptional()
                .map(CaptureRow::capture);
    }

    /// Also earlier captures that a decision of this incident relied on.
    @Override
    public List<Capture> ofIncident(IncidentId incident) {
        return session.createSelectionQuery("""
                        from CaptureRow c where c.incident = :incident
                        or c.id in (select d.capture from DecisionRow d where d.incident = :incident)
                        order by c.requestedAt desc, c.id
                        """, CaptureRow.class)
                .setParameter("incident", incident.value())
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
    }

    @Override
    public List<Capture> ofAsset(AssetId asset) {
        return session.createSelectionQuery("""
                        from CaptureRow c where c.asset = :asset
                        or c.asset in (select a.id from AssetRow a where a.mergedInto = :asset)
                        order by c.requestedAt desc, c.id
                        """, CaptureRow.class)
                .setParameter("asset", asset.value())
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
    }

    @Override
    public List<Capture> newest(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from CaptureRow where organisation = :organisation order by requestedAt desc, id",
                        CaptureRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
    }

    @Override
    public Optional<Capture> recent(AssetId asset, String profile, Instant since) {
        return session.createSelectionQuery("""
                        from CaptureRow c where (c.asset = :asset
                        or c.asset in (select a.id from AssetRow a where a.mergedInto = :asset))
                        and c.profile = :profile and c.requestedAt >= :since and c.state not in (FAILED, CANCELLED)
                        order by c.requestedAt desc, c.id
                        """, CaptureRow.class)
                .setParameter("asset", asset.value())
                .setParameter("profile", profile)
                .setParameter("since", since)
                .setMaxResults(1)
                .uniqueResultOptional()
                .map(CaptureRow::capture);
    }

    @Override
    public int requestedBy(RuleId rule, Instant since) {
        return session.createSelectionQuery(
                        "select count(*) from CaptureRow where rule = :rule and requestedAt >= :since", Long.class)
                .setParameter("rule", rule.value())
                .setParameter("since", since)
                .getSingleResult()
                .intValue();
    }

    /// A request to cancel is never taken back, although the worker saves what it read before the request.
    @Override
    public void save(Capture capture) {
        CaptureRow row = CaptureRow.of(capture);
        CaptureRow stored = locked(capture.id());
        if (stored == null) {
            session.insert(row);
        } else {
            row.cancelRequested |= stored.cancelRequested;
            session.update(row);
        }
        changes.capture(capture.id(), What.CAPTURE);
    }

    @Override
    public Capture change(CaptureId id, UnaryOperator<Capture> change) {
        CaptureRow stored = locked(id);
        if (stored == null) {
            throw new NoSuchElementException("no capture " + id);
        }
        Capture changed = change.apply(stored.capture());
        CaptureRow row = CaptureRow.of(changed);
        row.cancelRequested |= stored.cancelRequested;
        session.update(row);
        changes.capture(id, What.CAPTURE);
        return row.capture();
    }

    private @Nullable CaptureRow locked(CaptureId id) {
        return session.createSelectionQuery("from CaptureRow where id = :id", CaptureRow.class)
                .setParameter("id", id.value())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .uniqueResult();
    }
}
