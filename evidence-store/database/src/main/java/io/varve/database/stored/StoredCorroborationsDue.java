package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.CorroborationsDue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredCorroborationsDue implements CorroborationsDue {
    private final StatelessSession session;

    @Inject
    StoredCorroborationsDue(StatelessSession session) {
        this.session = session;
    }

    @Override
    public void mark(Organisation organisation, AssetId asset, Instant at) {
        mark(organisation, List.of(asset), at);
    }

    @Override
    public void mark(Organisation organisation, Collection<AssetId> assets, Instant at) {
        if (assets.isEmpty()) {
            return;
        }
        // in one order, so that two that mark at the same time wait for each other and no more
        session.createNativeMutationQuery("""
                        insert into corroboration_due (asset, organisation, marks, due_at)
                        select cast(asset as uuid), :organisation, 1, :at
                        from unnest(string_to_array(:assets, ',')) asset order by 1
                        on conflict (asset) do update
                        set marks = corroboration_due.marks + 1, due_at = least(corroboration_due.due_at, excluded.due_at)
                        """)
                .setParameter(
                        "assets",
                        assets.stream().distinct().map(AssetId::toString).collect(Collectors.joining(",")))
                .setParameter("organisation", organisation.value())
                .setParameter("at", at)
                .executeUpdate();
    }

    @Override
    public Optional<Due> take(Instant now, Instant until) {
        return session
                .createNativeQuery("""
                        update corroboration_due set taken_until = :until
                        where asset = (select asset from corroboration_due where due_at <= :now
                        and (taken_until is null or taken_until <= :now) order by due_at limit 1 for update skip locked)
                        returning asset, marks
                        """, Object[].class)
                .setParameter("now", now)
                .setParameter("until", until)
                .getResultList()
                .stream()
                .findFirst()
                .map(row -> new Due(new AssetId((UUID) row[0]), ((Number) row[1]).longValue()));
    }

    @Override
    public void keep(Due due, Instant until) {
        session.createNativeMutationQuery("update corroboration_due set taken_until = :until where asset = :asset")
                .setParameter("until", until)
                .setParameter("asset", due.asset().value())
                .executeUpdate();
    }

    @Override
    public void done(Due due, Instant again) {
        int deleted = session.createNativeMutationQuery(
                        "delete from corroboration_due where asset = :asset and marks = :marks")
                .setParameter("asset", due.asset().value())
                .setParameter("marks", due.marks())
                .executeUpdate();
        if (deleted == 0) {
            later(due, again);
        }
    }

    @Override
    public void later(Due due, Instant at) {
        session.createNativeMutationQuery(
                        "update corroboration_due set due_at = :at, taken_until = null where asset = :asset")
                .setParameter("at", at)
                .setParameter("asset", due.asset().value())
                .executeUpdate();
    }
}
