package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.RuleId;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

/// A decision about the same alert and rule replaces the one before, so that a job that runs again leaves one.
@ApplicationScoped
@Transactional
class StoredDecisions implements Decisions {
    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredDecisions(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public void save(Decision decision) {
        session.createMutationQuery("""
                        delete from DecisionRow where alert = :alert and rule is not distinct from :rule
                        and about is not distinct from :about and (about is null or outcome = :outcome)
                        """)
                .setParameter("alert", decision.alert().value())
                .setParameter("rule", decision.rule().map(RuleId::value).orElse(null), UUID.class)
                .setParameter("about", decision.about().map(CaptureId::value).orElse(null), UUID.class)
                .setParameter("outcome", decision.outcome())
                .executeUpdate();
        session.insert(DecisionRow.of(UUID.randomUUID(), decision));
        changes.incident(decision.organisation(), decision.incident(), What.ALERT);
    }

    @Override
    public List<Decision> ofAlert(AlertId alert) {
        return session.createSelectionQuery("from DecisionRow where alert = :alert order by at, id", DecisionRow.class)
                .setParameter("alert", alert.value())
                .getResultStream()
                .map(DecisionRow::decision)
                .toList();
    }

    @Override
    public List<Decision> ofIncident(IncidentId incident, int limit) {
        return session.createSelectionQuery("""
                        from DecisionRow where incident = :incident
                        order by case when outcome in (CAPTURE_REQUESTED, AWAITING_APPROVAL, APPROVED, REJECTED, FALLBACK)
                        then 0 else 1 end, at desc, id
                        """, DecisionRow.class)
                .setParameter("incident", incident.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(DecisionRow::decision)
                .toList();
    }

    @Override
    public Map<Decision.Outcome, Long> counts(IncidentId incident) {
        return session.createSelectionQuery(
                        "select outcome, count(*) from DecisionRow where incident = :incident group by outcome",
                        Object[].class)
                .setParameter("incident", incident.value())
                .getResultStream()
                .collect(Collectors.toMap(row -> (Decision.Outcome) row[0], row -> (Long) row[1]));
    }
}
