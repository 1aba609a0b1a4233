package io.varve.database.stored;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/// A log of changes by incident. A position is the oldest transaction still open when it was taken: what is below is
/// committed and was told, so a change that commits late is not missed.
@ApplicationScoped
@Transactional
class StoredChanges implements Changes {
    /// How many notes are written between two removals of old ones.
    private static final int NOTES_PER_PRUNE = 256;

    private final StatelessSession session;
    private final AtomicInteger notes = new AtomicInteger();

    @Inject
    StoredChanges(StatelessSession session) {
        this.session = session;
    }

    @Override
    public long now() {
        return session.createNativeQuery(
                        "select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)", Long.class)
                .getSingleResult();
    }

    @Override
    public News since(IncidentId incident, long position) {
        long next = now();
        List<String> what = session.createNativeQuery("""
                        select distinct what from change_log where incident = :incident
                        and transaction >= cast(cast(:from as text) as xid8)
                        and transaction < cast(cast(:to as text) as xid8)
                        """, String.class)
                .setParameter("incident", incident.value())
                .setParameter("from", Long.toString(position))
                .setParameter("to", Long.toString(next))
                .getResultList();
        Set<What> changed = EnumSet.noneOf(What.class);
        what.forEach(name -> changed.add(What.valueOf(name)));
        return new News(changed, next);
    }

    void incident(Organisation organisation, Optional<IncidentId> incident, What what) {
        if (incident.isEmpty()) {
            return;
        }
        session.createNativeMutationQuery(
                        "insert into change_log (organisation, incident, what) values (:organisation, :incident, :what)")
                .setParameter("organisation", organisation.value())
                .setParameter("incident", incident.get().value())
                .setParameter("what", what.name())
                .executeUpdate();
        prune();
    }

    /// Notes the same change in many incidents.
    void incidents(Organisation organisation, Set<IncidentId> incidents, What what) {
        if (incidents.isEmpty()) {
            return;
        }
        session.createNativeMutationQuery("""
                        insert into change_log (organisation, incident, what)
                        select :organisation, cast(incident as uuid), :what
                        from unnest(string_to_array(:incidents, ',')) incident
                        """)
                .setParameter("organisation", organisation.value())
                .setParameter(
                        "incidents",
                        incidents.stream().map(IncidentId::toString).collect(Collectors.joining(",")))
                .setParameter("what", what.name())
                .executeUpdate();
        prune();
    }

    /// Notes a change in every incident that asked for this capture or relied on it.
    void capture(CaptureId capture, What what) {
        session.createNativeMutationQuery("""
                        insert into change_log (organisation, incident, what)
                        select organisation, incident, :what from capture where id = :capture and incident is not null
                        union select organisation, incident, :what from decision
                        where capture = :capture and incident is not null
                        """)
                .setParameter("capture", capture.value())
                .setParameter("what", what.name())
                .executeUpdate();
        prune();
    }

    /// Notes a change of something that is named after an evidence key or a capture; other names are of no incident.
    void subject(String subject, What what) {
        session.createNativeQuery(
                        "select id from capture where evidence = :subject union select id from capture where id = :id",
                        UUID.class)
                .setParameter("subject", PlainText.storable(subject))
                .setParameter("id", id(subject), UUID.class)
                .getResultList()
                .forEach(capture -> capture(new CaptureId(capture), what));
    }

    private static @Nullable UUID id(String subject) {
        try {
            return UUID.fromString(subject);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void prune() {
        if (notes.incrementAndGet() % NOTES_PER_PRUNE != 0) {
            return;
        }
        session.createNativeMutationQuery("delete from change_log where at < now() - interval '1 hour'")
                .executeUpdate();
    }
}
