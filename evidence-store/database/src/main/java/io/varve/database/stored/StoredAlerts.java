package io.varve.database.stored;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredAlerts implements Alerts {
    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredAlerts(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public void receive(Alert alert, byte[] raw) {
        session.insert(AlertRow.of(alert));
        AlertRawRow body = new AlertRawRow();
        body.alert = alert.id().value();
        body.organisation = alert.organisation().value();
        body.body = raw;
        session.insert(body);
    }

    @Override
    public Optional<Alert> find(AlertId id) {
        return Optional.ofNullable(session.get(AlertRow.class, id.value())).map(AlertRow::alert);
    }

    @Override
    public byte[] raw(AlertId id) {
        AlertRawRow row = session.get(AlertRawRow.class, id.value());
        if (row == null) {
            throw new NoSuchElementException("no alert " + id);
        }
        return row.body;
    }

    @Override
    public Optional<Alert> bySourceId(Organisation organisation, String source, String sourceAlertId) {
        // md5 as in the index: a source's id may be longer than an index entry
        return session.createSelectionQuery("""
                        from AlertRow a where a.organisation = :organisation and a.source = :source
                        and sql('md5(?)', a.sourceAlertId) = sql('md5(?)', cast(:id as string))
                        and a.sourceAlertId = :id and a.state <> REPEAT
                        """, AlertRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("source", source)
                .setParameter("id", PlainText.storable(sourceAlertId))
                .uniqueResultOptional()
                .map(AlertRow::alert);
    }

    @Override
    public void update(Alert alert) {
        session.update(AlertRow.of(alert));
        changes.incident(alert.organisation(), alert.incident(), What.ALERT);
    }

    @Override
    public List<Alert> ofIncident(IncidentId incident) {
        return session.createSelectionQuery(
                        "from AlertRow where incident = :incident order by receivedAt desc, id", AlertRow.class)
                .setParameter("incident", incident.value())
                .getResultStream()
                .map(AlertRow::alert)
                .toList();
    }

    @Override
    public List<Alert> ofAsset(AssetId asset, int limit) {
        return session.createSelectionQuery("""
                        from AlertRow where (asset = :asset
                        or asset in (select a.id from AssetRow a where a.mergedInto = :asset))
                        and state = :state order by receivedAt desc, id
                        """, AlertRow.class)
                .setParameter("asset", asset.value())
                .setParameter("state", Alert.State.NORMALISED)
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertRow::alert)
                .toList();
    }

    @Override
    public List<Alert> newest(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from AlertRow where organisation = :organisation order by receivedAt desc, id", AlertRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertRow::alert)
                .toList();
    }

    @Override
    public List<AlertId> unread(Instant before, int limit) {
        return session.createSelectionQuery(
                        "select id from AlertRow where state = RECEIVED and receivedAt < :before order by receivedAt",
                        UUID.class)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertId::new)
                .toList();
    }
}
