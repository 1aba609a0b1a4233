package io.varve.database;

import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kept jobs.
public interface Jobs {
    void insert(Job job);

    Optional<Job> find(JobId id);

    /// The newest job of this kind on this subject.
    Optional<Job> of(String kind, String subject);

    /// Newest first.
    List<Job> newest(Organisation organisation, int limit);

    /// RUNNING, one attempt more.
    void started(JobId id, Instant at);

    /// Says how far the job is. A cheap update.
    void progress(JobId id, long done, long total, String text);

    void checkpoint(JobId id, String checkpoint);

    /// DONE, FAILED, CANCELLED, or QUEUED again when it is to be tried later.
    void ended(JobId id, Job.State state, String text, Instant at);

    /// Asks the worker to stop; false when the job has ended.
    boolean cancel(JobId id);

    boolean cancelRequested(JobId id);
}
