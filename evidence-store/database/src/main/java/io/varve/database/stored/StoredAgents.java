package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Agent;
import io.varve.database.Agents;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredAgents implements Agents {
    private final StatelessSession session;

    @Inject
    StoredAgents(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void save(Agent agent) {
        if (session.get(AgentRow.class, agent.id()) == null) {
            session.insert(AgentRow.of(agent));
        } else {
            session.update(AgentRow.of(agent));
        }
    }

    @Override
    public Optional<Agent> find(String id) {
        return Optional.ofNullable(session.get(AgentRow.class, id)).map(AgentRow::agent);
    }

    @Override
    public Optional<Agent> ofAsset(AssetId asset) {
        return session.createSelectionQuery("""
                        from AgentRow g where g.asset = :asset
                        or g.asset in (select a.id from AssetRow a where a.mergedInto = :asset)
                        order by g.lastSeen desc
                        """, AgentRow.class)
                .setParameter("asset", asset.value())
                .setMaxResults(1)
                .uniqueResultOptional()
                .map(AgentRow::agent);
    }

    @Override
    public List<Agent> all(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from AgentRow where organisation = :organisation order by enrolledAt desc, id", AgentRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(AgentRow::agent)
                .toList();
    }

    @Override
    public void seen(String id, Instant at) {
        session.createMutationQuery("update AgentRow set lastSeen = :at where id = :id and lastSeen < :at")
                .setParameter("at", at)
                .setParameter("id", id)
                .executeUpdate();
    }
}
