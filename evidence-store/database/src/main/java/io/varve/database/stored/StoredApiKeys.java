package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.ApiKey;
import io.varve.database.ApiKeys;
import io.varve.evidence.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredApiKeys implements ApiKeys {
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private final StatelessSession session;

    @Inject
    StoredApiKeys(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void insert(ApiKey key) {
        session.insert(ApiKeyRow.of(key));
    }

    @Override
    public Optional<ApiKey> use(Digest key, Instant at) {
        Optional<ApiKeyRow> row = session.createSelectionQuery("from ApiKeyRow where digest = :key", ApiKeyRow.class)
                .setParameter("key", key.hex())
                .uniqueResultOptional();
        if (row.isPresent()) {
            session.createMutationQuery(
                            "update ApiKeyRow set lastUsed = :at where id = :id and (lastUsed is null or lastUsed < :before)")
                    .setParameter("at", at)
                    .setParameter("id", row.get().id)
                    .setParameter("before", at.minus(NOTED_EVERY))
                    .executeUpdate();
        }
        return row.map(ApiKeyRow::key);
    }

    @Override
    public List<ApiKey> all(Organisation organisation) {
        return session.createSelectionQuery(
                        "from ApiKeyRow where organisation = :organisation order by createdAt desc, id",
                        ApiKeyRow.class)
                .setParameter("organisation", organisation.value())
                .getResultStream()
                .map(ApiKeyRow::key)
                .toList();
    }

    @Override
    public boolean delete(Organisation organisation, UUID id) {
        return session.createMutationQuery("delete from ApiKeyRow where id = :id and organisation = :organisation")
                        .setParameter("id", id)
                        .setParameter("organisation", organisation.value())
                        .executeUpdate()
                == 1;
    }
}
