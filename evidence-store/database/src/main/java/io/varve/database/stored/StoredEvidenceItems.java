package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.What;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItem.Processing;
import io.varve.database.EvidenceItem.State;
import io.varve.database.EvidenceItems;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.hibernate.query.MutationQuery;
import org.hibernate.query.SelectionQuery;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
@Transactional
class StoredEvidenceItems implements EvidenceItems {
    private final StatelessSession session;
    private final StoredLocks locks;
    private final StoredChanges changes;

    @Inject
    StoredEvidenceItems(StatelessSession session, StoredLocks locks, StoredChanges changes) {
        this.session = session;
        this.locks = locks;
        this.changes = changes;
    }

    @Override
    public void insert(EvidenceItem item) {
        session.insert(EvidenceRow.of(item));
        changes.capture(item.capture(), What.EVIDENCE);
    }

    @Override
    public Optional<EvidenceItem> find(EvidenceKey key) {
        return Optional.ofNullable(session.get(EvidenceRow.class, key.value())).map(EvidenceRow::item);
    }

    @Override
    public Optional<EvidenceItem> byDigest(Organisation organisation, Digest sha256) {
        return select("organisation = :organisation and digest = :digest and state = SEALED and sameBytesAs is null")
                .setParameter("organisation", organisation.value())
                .setParameter("digest", sha256.hex())
                .uniqueResultOptional()
                .map(EvidenceRow::item);
    }

    @Override
    public List<EvidenceItem> ofAsset(AssetId asset) {
        return items(select("asset = :asset or asset in (select a.id from AssetRow a where a.mergedInto = :asset)"
                        + " order by createdAt desc")
                .setParameter("asset", asset.value()));
    }

    @Override
    public List<EvidenceItem> ofIncident(IncidentId incident) {
        return items(select("""
            capture in (select c.id from CaptureRow c where c.incident = :incident)
            or capture in (select d.capture from DecisionRow d where d.incident = :incident)
            order by createdAt desc\
            """).setParameter("incident", incident.value()));
    }

    @Override
    public List<EvidenceItem> newest(Organisation organisation, int limit) {
        return items(select("organisation = :organisation order by createdAt desc")
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit));
    }

    @Override
    public List<EvidenceItem> in(Processing.State state, int limit) {
        return items(select("state = SEALED and sameBytesAs is null and processing = :state order by createdAt")
                .setParameter("state", state)
                .setMaxResults(limit));
    }

    @Override
    public void received(EvidenceKey key, long size, int parts) {
        update("size = :size, parts = :parts where state = CAPTURING and", key)
                .setParameter("size", size)
                .setParameter("parts", parts)
                .executeUpdate();
        changed(key);
    }

    @Override
    public Optional<EvidenceKey> sealed(EvidenceKey key, long size, Digest sha256, int parts, Instant at) {
        locks.transaction("evidence " + key.organisation() + " " + sha256);
        EvidenceRow row = locked(key);
        if (row.state == State.SEALED) {
            return Optional.ofNullable(row.sameBytesAs).map(EvidenceKey::new);
        }
        if (row.state == State.DISCARDED || row.state == State.DELETED) {
            throw new IllegalStateException(key + " was given up or deleted and cannot be sealed");
        }
        Optional<EvidenceKey> same =
                byDigest(new Organisation(key.organisation()), sha256).map(EvidenceItem::key);
        row.state = State.SEALED;
        row.size = size;
        row.digest = sha256.hex();
        row.parts = parts;
        row.sealedAt = at;
        row.sameBytesAs = same.map(EvidenceKey::value).orElse(null);
        session.update(row);
        changed(key);
        return same;
    }

    @Override
    public void discarded(EvidenceKey key) {
        update("state = DISCARDED where state = CAPTURING and", key).executeUpdate();
        changed(key);
    }

    @Override
    public int begin(EvidenceKey key, Instant at) {
        EvidenceRow row = locked(key);
        row.run++;
        row.processing = Processing.State.RUNNING;
        row.events = 0;
        row.done = 0;
        row.total = 0;
        row.text = "";
        row.processingStartedAt = at;
        row.processingEndedAt = null;
        session.update(row);
        changed(key);
        return row.run;
    }

    @Override
    public void progress(EvidenceKey key, long events, long done, long total, String text) {
        update("events = :events, done = :done, total = :total, text = :text where", key)
                .setParameter("events", events)
                .setParameter("done", done)
                .setParameter("total", total)
                .setParameter("text", text)
                .executeUpdate();
        changed(key);
    }

    @Override
    public void processed(EvidenceKey key, Processing.State state, long events, String text, Instant at) {
        boolean ended = state == Processing.State.DONE || state == Processing.State.FAILED;
        update("processing = :state, events = :events, text = :text, processingEndedAt = :at where", key)
                .setParameter("state", state)
                .setParameter("events", events)
                .setParameter("text", text)
                .setParameter("at", ended ? at : null, Instant.class)
                .executeUpdate();
        changed(key);
    }

    @Override
    public void coverage(EvidenceKey key, String summary) {
        session.createNativeMutationQuery(
                        "update evidence_item set coverage = cast(:summary as jsonb) where evidence_key = :key")
                .setParameter("summary", Json.clean(summary))
                .setParameter("key", key.value())
                .executeUpdate();
        changed(key);
    }

    @Override
    public Optional<String> coverage(EvidenceKey key) {
        EvidenceRow row = session.get(EvidenceRow.class, key.value());
        return row == null ? Optional.empty() : Optional.ofNullable(row.coverage);
    }

    private EvidenceRow locked(EvidenceKey key) {
        @Nullable
        EvidenceRow row = select("evidenceKey = :key")
                .setParameter("key", key.value())
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .uniqueResult();
        if (row == null) {
            throw new NoSuchElementException("no evidence " + key);
        }
        return row;
    }

    private SelectionQuery<EvidenceRow> select(String where) {
        return session.createSelectionQuery("from EvidenceRow where " + where, EvidenceRow.class);
    }

    private MutationQuery update(String assignmentsAndWhere, EvidenceKey key) {
        return session.createMutationQuery("update EvidenceRow set " + assignmentsAndWhere + " evidenceKey = :key")
                .setParameter("key", key.value());
    }

    private static List<EvidenceItem> items(SelectionQuery<EvidenceRow> query) {
        return query.getResultStream().map(EvidenceRow::item).toList();
    }

    private void changed(EvidenceKey key) {
        changes.subject(key.value(), What.EVIDENCE);
    }
}
