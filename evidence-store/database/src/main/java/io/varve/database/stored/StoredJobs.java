package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Changes.What;
import io.varve.database.Job;
import io.varve.database.JobId;
import io.varve.database.Jobs;
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
class StoredJobs implements Jobs {
    private final StatelessSession session;
    private final StoredChanges changes;

    @Inject
    StoredJobs(StatelessSession session, StoredChanges changes) {
        this.session = session;
        this.changes = changes;
    }

    @Override
    public void insert(Job job) {
        session.insert(JobRow.of(job));
        changes.subject(job.subject(), What.JOB);
    }

    @Override
    public Optional<Job> find(JobId id) {
        return Optional.ofNullable(session.get(JobRow.class, id.value())).map(JobRow::job);
    }

    @Override
    public Optional<Job> of(String kind, String subject) {
        return session.createSelectionQuery(
                        "from JobRow where kind = :kind and subject = :subject order by createdAt desc, id",
                        JobRow.class)
                .setParameter("kind", kind)
                .setParameter("subject", subject)
                .setMaxResults(1)
                .uniqueResultOptional()
                .map(JobRow::job);
    }

    @Override
    public List<Job> newest(Organisation organisation, int limit) {
        return session.createSelectionQuery(
                        "from JobRow where organisation = :organisation order by createdAt desc, id", JobRow.class)
                .setParameter("organisation", organisation.value())
                .setMaxResults(limit)
                .getResultStream()
                .map(JobRow::job)
                .toList();
    }

    @Override
    public void started(JobId id, Instant at) {
        update("state = RUNNING, attempts = attempts + 1, startedAt = coalesce(startedAt, :at), endedAt = null", id)
                .setParameter("at", at)
                .executeUpdate();
        changed(id);
    }

    @Override
    public void progress(JobId id, long done, long total, String text) {
        update("done = :done, total = :total, text = :text", id)
                .setParameter("done", done)
                .setParameter("total", total)
                .setParameter("text", text)
                .executeUpdate();
        changed(id);
    }

    @Override
    public void checkpoint(JobId id, String checkpoint) {
        update("checkpoint = :checkpoint", id)
                .setParameter("checkpoint", checkpoint)
                .executeUpdate();
    }

    @Override
    public void ended(JobId id, Job.State state, String text, Instant at) {
        boolean ended = state != Job.State.QUEUED && state != Job.State.RUNNING;
        update("state = :state, text = :text, endedAt = :at", id)
                .setParameter("state", state)
                .setParameter("text", text)
                .setParameter("at", ended ? at : null, Instant.class)
                .executeUpdate();
        changed(id);
    }

    @Override
    public boolean cancel(JobId id) {
        boolean asked = session.createMutationQuery(
                                "update JobRow set cancelRequested = true where id = :id and state in (QUEUED, RUNNING)")
                        .setParameter("id", id.value())
                        .executeUpdate()
                == 1;
        changed(id);
        return asked;
    }

    @Override
    public boolean cancelRequested(JobId id) {
        return session.createSelectionQuery("select cancelRequested from JobRow where id = :id", Boolean.class)
                .setParameter("id", id.value())
                .uniqueResultOptional()
                .orElse(false);
    }

    private MutationQuery update(String assignments, JobId id) {
        return session.createMutationQuery("update JobRow set " + assignments + " where id = :id")
                .setParameter("id", id.value());
    }

    private void changed(JobId id) {
        session.createSelectionQuery("select subject from JobRow where id = :id", String.class)
                .setParameter("id", id.value())
                .uniqueResultOptional()
                .ifPresent(subject -> changes.subject(subject, What.JOB));
    }
}
