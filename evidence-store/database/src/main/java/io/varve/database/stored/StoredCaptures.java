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
import java.time.Duration;
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
    /// Captures of one incident or asset that are read.
    static final int MOST = 1_000;

    /// Captures that the size of the next one is estimated from.
    private static final int MOST_PAST = 20;

    /// A further try of the same request is not counted again, and a rejected one not at all.
    private static final String COUNTED = "requestedAt >= :since and fallbackOf is null and state <> REJECTED";

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
                .setMaxResults(MOST)
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
                .setMaxResults(MOST)
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
    }

    @Override
    public List<Capture> ofAsset(AssetId asset, Instant since) {
        return session.createSelectionQuery("""
                        from CaptureRow c where (c.asset = :asset
                        or c.asset in (select a.id from AssetRow a where a.mergedInto = :asset))
                        and (c.endedAt is null or c.endedAt > :since)
                        order by c.requestedAt desc, c.id
                        """, CaptureRow.class)
                .setParameter("asset", asset.value())
                .setParameter("since", since)
                .setMaxResults(MOST)
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
    }

    @Override
    public List<Capture> in(Organisation organisation, Capture.State state, int limit) {
        return session.createSelectionQuery("""
                        from CaptureRow where organisation = :organisation and state = :state
                        order by requestedAt desc, id
                        """, CaptureRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("state", state)
                .setMaxResults(limit)
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
                        "select count(*) from CaptureRow where rule = :rule and " + COUNTED, Long.class)
                .setParameter("rule", rule.value())
                .setParameter("since", since)
                .getSingleResult()
                .intValue();
    }

    @Override
    public int requestedOf(AssetId asset, Instant since) {
        return session.createSelectionQuery("""
                        select count(*) from CaptureRow where (asset = :asset
                        or asset in (select a.id from AssetRow a where a.mergedInto = :asset)) and""" + " " + COUNTED, Long.class)
                .setParameter("asset", asset.value())
                .setParameter("since", since)
                .getSingleResult()
                .intValue();
    }

    @Override
    public Usage usage(Organisation organisation, Instant since) {
        int captures = session.createSelectionQuery(
                        "select count(*) from CaptureRow where organisation = :organisation and " + COUNTED, Long.class)
                .setParameter("organisation", organisation.value())
                .setParameter("since", since)
                .getSingleResult()
                .intValue();
        Long bytes = session.createSelectionQuery("""
                        select coalesce(sum(greatest(done, total)), 0L) from CaptureRow
                        where organisation = :organisation and requestedAt >= :since
                        """, Long.class)
                .setParameter("organisation", organisation.value())
                .setParameter("since", since)
                .getSingleResult();
        List<Unknown> unknown = session.createSelectionQuery("""
                        select provider, profile, count(*) from CaptureRow
                        where organisation = :organisation and requestedAt >= :since and total = 0
                        and state in (AWAITING_APPROVAL, QUEUED, RUNNING) group by provider, profile
                        """, Object[].class)
                .setParameter("organisation", organisation.value())
                .setParameter("since", since)
                .getResultStream()
                .map(row -> new Unknown((String) row[0], (String) row[1], ((Long) row[2]).intValue()))
                .toList();
        return new Usage(captures, bytes, unknown);
    }

    @Override
    public Optional<Past> past(Organisation organisation, String provider, String profile) {
        List<Capture> newest = session.createSelectionQuery("""
                        from CaptureRow where organisation = :organisation and provider = :provider
                        and profile = :profile and state = CAPTURED order by endedAt desc
                        """, CaptureRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("provider", provider)
                .setParameter("profile", profile)
                .setMaxResults(MOST_PAST)
                .getResultStream()
                .map(CaptureRow::capture)
                .toList();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        long bytes = newest.stream().mapToLong(Capture::done).sum();
        long seconds = newest.stream().mapToLong(StoredCaptures::seconds).sum();
        return Optional.of(new Past(newest.size(), bytes / newest.size(), Duration.ofSeconds(seconds / newest.size())));
    }

    private static long seconds(Capture capture) {
        return capture.startedAt()
                .flatMap(start -> capture.endedAt().map(end -> Duration.between(start, end)))
                .map(Duration::toSeconds)
                .orElse(0L);
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
