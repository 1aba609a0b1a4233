package io.varve.database.stored;

import io.varve.database.SecretKeyRing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredSecretKeyRing implements SecretKeyRing {
    private final StatelessSession session;

    @Inject
    StoredSecretKeyRing(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void publish(String publicKey, Instant at) {
        session.createNativeMutationQuery(
                        "insert into secret_key (public_key, created_at) values (:key, :at) on conflict do nothing")
                .setParameter("key", publicKey)
                .setParameter("at", at)
                .executeUpdate();
    }

    @Override
    public Optional<String> newest() {
        return session.createNativeQuery(
                        "select public_key from secret_key order by created_at desc limit 1", String.class)
                .uniqueResultOptional();
    }
}
