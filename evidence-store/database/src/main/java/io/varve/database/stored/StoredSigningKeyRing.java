package io.varve.database.stored;

import io.varve.database.SigningKeyRing;
import io.varve.evidence.Digest;
import io.varve.evidence.PublicKeys;
import io.varve.evidence.Signer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredSigningKeyRing implements SigningKeyRing {
    private final StatelessSession session;

    @Inject
    StoredSigningKeyRing(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void publish(Signer key, Instant at) {
        session.createNativeMutationQuery(
                        "insert into signing_key (fingerprint, public_key, since) values (:fingerprint, :key, :at)"
                                + " on conflict do nothing")
                .setParameter("fingerprint", key.fingerprint().hex())
                .setParameter("key", key.publicKey())
                .setParameter("at", at)
                .executeUpdate();
    }

    @Override
    public void retire(Signer key, Instant at) {
        session.createNativeMutationQuery("update signing_key set retired = :at where fingerprint = :fingerprint")
                .setParameter("fingerprint", key.fingerprint().hex())
                .setParameter("at", at)
                .executeUpdate();
    }

    @Override
    public PublicKeys all() {
        return new PublicKeys(session.createSelectionQuery(
                        "from SigningKeyRow order by since desc", SigningKeyRow.class)
                .getResultStream()
                .map(row -> new PublicKeys.Key(
                        new Digest(row.fingerprint), row.publicKey, row.since, Optional.ofNullable(row.retired)))
                .toList());
    }
}
