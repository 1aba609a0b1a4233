package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.database.AlertOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredAlertOrigins implements AlertOrigins {
    private final StatelessSession session;

    @Inject
    StoredAlertOrigins(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void save(Origin origin) {
        session.insert(AlertOriginRow.of(origin));
    }

    @Override
    public Optional<Origin> of(AlertId alert) {
        return Optional.ofNullable(session.get(AlertOriginRow.class, alert.value()))
                .map(AlertOriginRow::origin);
    }

    @Override
    public void forget(AlertId alert) {
        session.createNativeMutationQuery("update alert_origin set headers = '{}' where alert = :alert")
                .setParameter("alert", alert.value())
                .executeUpdate();
    }

    @Override
    public List<Origin> ofIncident(IncidentId incident, int limit) {
        return session.createSelectionQuery("""
                        select o from AlertOriginRow o join AlertRow a on a.id = o.alert
                        where a.incident = :incident and a.state = NORMALISED order by a.receivedAt desc, a.id
                        """, AlertOriginRow.class)
                .setParameter("incident", incident.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertOriginRow::origin)
                .toList();
    }

    @Override
    public List<AlertId> unverified(Instant before, int limit) {
        return session.createSelectionQuery(
                        "select id from AlertRow where state = UNVERIFIED and receivedAt < :before order by receivedAt",
                        UUID.class)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultStream()
                .map(AlertId::new)
                .toList();
    }

    @Override
    public long waiting(IntegrationId integration) {
        return session.createSelectionQuery("""
                        select count(*) from AlertOriginRow o join AlertRow a on a.id = o.alert
                        where o.integration = :integration and a.state = UNVERIFIED
                        """, Long.class)
                .setParameter("integration", integration.value())
                .getSingleResult();
    }
}
