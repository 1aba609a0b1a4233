package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IncidentId;
import io.varve.database.Changes.What;
import io.varve.database.Corroboration;
import io.varve.database.Corroborations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;
import org.hibernate.query.SelectionQuery;

@ApplicationScoped
@Transactional
class StoredCorroborations implements Corroborations {
    private final StatelessSession session;
    private final StoredLocks locks;
    private final StoredChanges changes;

    @Inject
    StoredCorroborations(StatelessSession session, StoredLocks locks, StoredChanges changes) {
        this.session = session;
        this.locks = locks;
        this.changes = changes;
    }

    @Override
    public void save(Corroboration corroboration, List<Corroboration.Link> links) {
        locks.transaction("corroboration " + corroboration.alert());
        CorroborationRow row = CorroborationRow.of(corroboration);
        if (session.get(CorroborationRow.class, row.alert) == null) {
            session.insert(row);
        } else {
            session.update(row);
        }
        session.createMutationQuery("delete from AlertEventRow where alert = :alert")
                .setParameter("alert", row.alert)
                .executeUpdate();
        links.stream()
                .collect(Collectors.toMap(Corroboration.Link::event, Function.identity(), (first, again) -> first))
                .values()
                .forEach(link -> session.insert(AlertEventRow.of(corroboration, link)));
        Optional<IncidentId> incident = Optional.ofNullable(session.get(AlertRow.class, row.alert))
                .flatMap(alert -> Optional.ofNullable(alert.incident))
                .map(IncidentId::new);
        changes.incident(corroboration.organisation(), incident, What.CORROBORATION);
    }

    @Override
    public Optional<Corroboration> find(AlertId alert) {
        return Optional.ofNullable(session.get(CorroborationRow.class, alert.value()))
                .map(CorroborationRow::corroboration);
    }

    @Override
    public Map<AlertId, Corroboration> of(Collection<AlertId> alerts) {
        if (alerts.isEmpty()) {
            return Map.of();
        }
        return session.createSelectionQuery("from CorroborationRow where alert in :alerts", CorroborationRow.class)
                .setParameterList("alerts", alerts.stream().map(AlertId::value).toList())
                .getResultStream()
                .map(CorroborationRow::corroboration)
                .collect(Collectors.toMap(Corroboration::alert, Function.identity()));
    }

    @Override
    public Map<Corroboration.State, Long> counts(IncidentId incident) {
        return counts(session.createSelectionQuery("""
                        select c.state, count(*) from CorroborationRow c join AlertRow a on a.id = c.alert
                        where a.incident = :incident and a.state = NORMALISED group by c.state
                        """, Object[].class).setParameter("incident", incident.value()));
    }

    @Override
    public Map<Corroboration.State, Long> counts(IncidentId incident, String source, String sourceGroupId) {
        return counts(session.createSelectionQuery("""
                        select c.state, count(*) from CorroborationRow c join AlertRow a on a.id = c.alert
                        where a.incident = :incident and a.state = NORMALISED and a.source = :source
                        and a.sourceGroupId = :group group by c.state
                        """, Object[].class)
                .setParameter("incident", incident.value())
                .setParameter("source", source)
                .setParameter("group", PlainText.storable(sourceGroupId)));
    }

    private static Map<Corroboration.State, Long> counts(SelectionQuery<Object[]> query) {
        return query.getResultStream()
                .collect(Collectors.toMap(row -> (Corroboration.State) row[0], row -> (Long) row[1]));
    }

    @Override
    public List<Corroboration.Link> links(AlertId alert) {
        return session.createSelectionQuery(
                        "from AlertEventRow where alert = :alert order by event", AlertEventRow.class)
                .setParameter("alert", alert.value())
                .getResultStream()
                .map(AlertEventRow::link)
                .toList();
    }

    @Override
    public Map<String, List<AlertId>> alertsOf(Collection<String> events) {
        if (events.isEmpty()) {
            return Map.of();
        }
        return session.createSelectionQuery(
                        "from AlertEventRow where event in :events order by alert", AlertEventRow.class)
                .setParameterList("events", events)
                .getResultStream()
                .collect(Collectors.groupingBy(
                        row -> row.event, Collectors.mapping(AlertEventRow::alert, Collectors.toList())));
    }
}
