package io.varve.database.stored;

import io.varve.acquisition.model.CaptureId;
import io.varve.database.AgentOrder;
import io.varve.database.AgentOrders;
import io.varve.database.Changes.What;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.hibernate.query.MutationQuery;

@ApplicationScoped
@Transactional
class StoredAgentOrders implements AgentOrders {
    private final StatelessSession session;
    private final StoredLocks locks;
    private final StoredChanges changes;

    @Inject
    StoredAgentOrders(StatelessSession session, StoredLocks locks, StoredChanges changes) {
        this.session = session;
        this.locks = locks;
        this.changes = changes;
    }

    @Override
    public void place(AgentOrder order) {
        locks.transaction("order " + order.capture());
        if (find(order.capture()).isEmpty()) {
            session.insert(AgentOrderRow.of(order));
            changes.capture(order.capture(), What.CAPTURE);
        }
    }

    @Override
    public Optional<AgentOrder> find(CaptureId capture) {
        return Optional.ofNullable(session.get(AgentOrderRow.class, capture.value()))
                .map(AgentOrderRow::order);
    }

    @Override
    public List<AgentOrder> open(String agent) {
        return session.createSelectionQuery(
                        "from AgentOrderRow where agent = :agent and state in (PLACED, PICKED_UP) order by placedAt",
                        AgentOrderRow.class)
                .setParameter("agent", agent)
                .getResultStream()
                .map(AgentOrderRow::order)
                .toList();
    }

    @Override
    public void pickedUp(CaptureId capture, Instant at) {
        update("state = PICKED_UP, pickedUpAt = coalesce(pickedUpAt, :at)", capture)
                .setParameter("at", at)
                .executeUpdate();
        changes.capture(capture, What.CAPTURE);
    }

    @Override
    public boolean progress(CaptureId capture, long bytes, String text) {
        boolean open = update("bytes = :bytes, text = :text", capture)
                        .setParameter("bytes", bytes)
                        .setParameter("text", text)
                        .executeUpdate()
                == 1;
        changes.capture(capture, What.CAPTURE);
        return open;
    }

    @Override
    public void uploaded(CaptureId capture, long bytes, Instant at) {
        update("state = UPLOADED, bytes = :bytes, endedAt = :at", capture)
                .setParameter("bytes", bytes)
                .setParameter("at", at)
                .executeUpdate();
        changes.capture(capture, What.CAPTURE);
    }

    @Override
    public void failed(CaptureId capture, String reason, Instant at) {
        update("state = FAILED, text = :reason, endedAt = :at", capture)
                .setParameter("reason", reason)
                .setParameter("at", at)
                .executeUpdate();
        changes.capture(capture, What.CAPTURE);
    }

    @Override
    public void cancel(CaptureId capture) {
        update("cancelRequested = true", capture).executeUpdate();
        changes.capture(capture, What.CAPTURE);
    }

    private MutationQuery update(String assignments, CaptureId capture) {
        return session.createMutationQuery("update AgentOrderRow set " + assignments
                        + " where capture = :capture and state in (PLACED, PICKED_UP)")
                .setParameter("capture", capture.value());
    }
}
