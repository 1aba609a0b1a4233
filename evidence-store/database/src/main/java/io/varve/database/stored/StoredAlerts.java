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
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredAlerts implements Alerts {
    /// Rows of a long walk that are held at a time.
    private static final int FETCHED = 500;

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
    public List<Alert> ofIncident(IncidentId incident, int limit) {
        return session.createSelectionQuery("""
                        from AlertRow where incident = :incident and state = NORMALISED
                        order by severity desc, receivedAt desc, id
                        """, AlertRow.class)
                .setParameter("incident", incident.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertRow::alert)
                .toList();
    }

    @Override
    public Optional<Group> group(Organisation organisation, String source, String sourceGroupId) {
        Optional<Alert> newest =
                ofGroup("", AlertRow.class, organisation, source, sourceGroupId).map(AlertRow::alert);
        return newest.map(alert -> new Group(
                alert,
                ofGroup("select count(distinct a.incident)", Long.class, organisation, source, sourceGroupId)
                        .orElse(0L)
                        .intValue(),
                alert.incident()
                        .map(incident -> inIncident(incident, source, sourceGroupId))
                        .orElse(1)));
    }

    private <T> Optional<T> ofGroup(
            String what, Class<T> type, Organisation organisation, String source, String sourceGroupId) {
        // md5 as in the index: a source's id may be longer than an index entry
        String order = what.isEmpty() ? " order by a.receivedAt desc, a.id" : "";
        return session.createSelectionQuery(what + """
                         from AlertRow a where a.organisation = :organisation and a.source = :source
                        and sql('md5(?)', a.sourceGroupId) = sql('md5(?)', cast(:id as string))
                        and a.sourceGroupId = :id and a.state = NORMALISED
                        """ + order, type)
                .setParameter("organisation", organisation.value())
                .setParameter("source", source)
                .setParameter("id", PlainText.storable(sourceGroupId))
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    private int inIncident(IncidentId incident, String source, String sourceGroupId) {
        return session.createSelectionQuery("""
                        select count(*) from AlertRow where incident = :incident and source = :source
                        and sourceGroupId = :id and state = NORMALISED
                        """, Long.class)
                .setParameter("incident", incident.value())
                .setParameter("source", source)
                .setParameter("id", PlainText.storable(sourceGroupId))
                .getSingleResult()
                .intValue();
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
    public List<Organisation> waiting() {
        return session.createSelectionQuery(
                        "select distinct organisation from AlertRow where state = RECEIVED", String.class)
                .getResultStream()
                .map(Organisation::new)
                .toList();
    }

    @Override
    public List<Alert> unread(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from AlertRow where organisation = :organisation and state = RECEIVED order by receivedAt, id",
                        AlertRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertRow::alert)
                .toList();
    }

    @Override
    public int unreadCount(Organisation organisation, int most) {
        return session.createNativeQuery("""
                        select count(*) from (select 1 from alert where organisation = :organisation
                        and state = 'RECEIVED' limit :most) unread
                        """, Long.class)
                .setParameter("organisation", organisation.value())
                .setParameter("most", most)
                .getSingleResult()
                .intValue();
    }

    @Override
    public void walk(Organisation organisation, Instant from, Instant to, Predicate<Alert> visitor) {
        try (Stream<AlertRow> rows = session.createSelectionQuery("""
                        from AlertRow where organisation = :organisation and receivedAt >= :from and receivedAt < :to
                        and state = NORMALISED order by receivedAt, id
                        """, AlertRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("from", from)
                .setParameter("to", to)
                .setFetchSize(FETCHED)
                .getResultStream()) {
            Iterator<AlertRow> each = rows.iterator();
            boolean goesOn = true;
            while (goesOn && each.hasNext()) {
                goesOn = visitor.test(each.next().alert());
            }
        }
    }
}
