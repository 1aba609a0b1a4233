package io.varve.database.stored;

import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.IntegrationStatus;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.model.Organisation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
@Transactional
class StoredIntegrations implements Integrations {
    private static final int LONGEST_PROBLEM = 1_000;

    private final StatelessSession session;

    @Inject
    StoredIntegrations(StatelessSession session) {
        this.session = session;
    }

    @Override
    public Optional<Integration> find(IntegrationId id) {
        return Optional.ofNullable(session.get(IntegrationRow.class, id.value()))
                .map(IntegrationRow::integration);
    }

    @Override
    public List<Integration> all(Organisation organisation) {
        return session.createSelectionQuery(
                        "from IntegrationRow where organisation = :organisation order by name, id",
                        IntegrationRow.class)
                .setParameter("organisation", organisation.value())
                .getResultStream()
                .map(IntegrationRow::integration)
                .toList();
    }

    @Override
    public List<Integration> enabled(Integration.Use use) {
        return session.createSelectionQuery(
                        "from IntegrationRow where enabled order by createdAt, id", IntegrationRow.class)
                .getResultStream()
                .map(IntegrationRow::integration)
                .filter(integration -> integration.uses().contains(use))
                .toList();
    }

    @Override
    public void save(Integration integration) {
        UUID id = integration.id().value();
        if (session.get(IntegrationRow.class, id) == null) {
            session.insert(IntegrationRow.of(integration));
            IntegrationStatusRow status = new IntegrationStatusRow();
            status.integration = id;
            status.organisation = integration.organisation().value();
            session.insert(status);
        } else {
            session.update(IntegrationRow.of(integration));
        }
    }

    @Override
    public boolean delete(IntegrationId id) {
        return session.createMutationQuery("delete from IntegrationRow where id = :id")
                        .setParameter("id", id.value())
                        .executeUpdate()
                == 1;
    }

    @Override
    public IntegrationStatus status(IntegrationId id) {
        IntegrationStatusRow row = session.get(IntegrationStatusRow.class, id.value());
        if (row == null) {
            return new IntegrationStatusRow().status();
        }
        return row.status();
    }

    @Override
    public void contact(IntegrationId id, Instant at, Optional<String> problem) {
        String set = problem.isPresent() ? "problem = :problem, problemAt = :at" : "problem = null, contactAt = :at";
        var update = session.createMutationQuery("update IntegrationStatusRow set " + set + " where integration = :id")
                .setParameter("id", id.value())
                .setParameter("at", at);
        problem.ifPresent(text -> update.setParameter("problem", cut(text)));
        update.executeUpdate();
    }

    @Override
    public void polled(IntegrationId id, String cursor, long alerts, Instant at) {
        session.createMutationQuery("""
                        update IntegrationStatusRow set cursor = :cursor, contactAt = :at, problem = null,
                        alerts = alerts + :alerts, alertAt = case when :alerts > 0 then :at else alertAt end
                        where integration = :id
                        """)
                .setParameter("cursor", cursor)
                .setParameter("at", at)
                .setParameter("alerts", alerts)
                .setParameter("id", id.value())
                .executeUpdate();
    }

    @Override
    public void received(IntegrationId id, long alerts, Instant at) {
        session.createMutationQuery("""
                        update IntegrationStatusRow set contactAt = :at, alerts = alerts + :alerts, alertAt = :at
                        where integration = :id
                        """)
                .setParameter("at", at)
                .setParameter("alerts", alerts)
                .setParameter("id", id.value())
                .executeUpdate();
    }

    @Override
    public void checked(IntegrationId id, String checks, Instant at) {
        @Nullable IntegrationStatusRow row = session.get(IntegrationStatusRow.class, id.value());
        if (row == null) {
            return;
        }
        session.createNativeMutationQuery(
                        "update integration_status set checks = cast(:checks as jsonb), checked_at = :at where integration = :id")
                .setParameter("checks", Json.clean(checks))
                .setParameter("at", at)
                .setParameter("id", id.value())
                .executeUpdate();
    }

    private static String cut(String text) {
        String plain = PlainText.storable(text);
        return plain.length() <= LONGEST_PROBLEM ? plain : plain.substring(0, LONGEST_PROBLEM);
    }
}
