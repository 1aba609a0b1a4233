package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredIncidents implements Incidents {
    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredIncidents(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public Optional<Incident> find(IncidentId id) {
        return Optional.ofNullable(session.get(IncidentRow.class, id.value()))
                .map(row -> incidents(List.of(row)).getFirst());
    }

    @Override
    public Optional<Incident> openOn(AssetId asset, Instant from, Instant to) {
        List<IncidentRow> rows = session.createSelectionQuery("""
                        from IncidentRow i where i.status = OPEN and i.firstSeen <= :to and i.lastSeen >= :from
                        and i.id in (select x.incident from IncidentAssetRow x where x.asset = :asset
                        or x.asset in (select a.id from AssetRow a where a.mergedInto = :asset))
                        order by i.lastSeen desc, i.id
                        """, IncidentRow.class)
                .setParameter("asset", asset.value())
                .setParameter("from", from)
                .setParameter("to", to)
                .setMaxResults(1)
                .getResultList();
        return incidents(rows).stream().findFirst();
    }

    @Override
    public List<Incident> newest(Organisation organisation, int limit) {
        return incidents(session.createSelectionQuery(
                        "from IncidentRow where organisation = :organisation order by lastSeen desc, id",
                        IncidentRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultList());
    }

    @Override
    public void save(Incident incident) {
        IncidentRow row = IncidentRow.of(incident);
        if (session.get(IncidentRow.class, row.id) == null) {
            session.insert(row);
        } else {
            session.update(row);
        }
        session.createMutationQuery("delete from IncidentAssetRow where incident = :incident")
                .setParameter("incident", row.id)
                .executeUpdate();
        IncidentAssetRow.of(incident).forEach(session::insert);
        changes.incident(incident.organisation(), Optional.of(incident.id()), What.ALERT);
    }

    List<Incident> incidents(List<IncidentRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<UUID, List<AssetId>> assets = session.createSelectionQuery(
                        "from IncidentAssetRow where incident in :incidents order by incident, position",
                        IncidentAssetRow.class)
                .setParameterList("incidents", rows.stream().map(row -> row.id).toList())
                .getResultStream()
                .collect(Collectors.groupingBy(
                        link -> link.incident,
                        Collectors.mapping(link -> new AssetId(link.asset), Collectors.toList())));
        return rows.stream()
                .map(row -> row.incident(assets.getOrDefault(row.id, List.of())))
                .toList();
    }
}
