package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Job;
import io.varve.database.Jobs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/// Keeps the visible side of a job while the queue keeps it running.
@ApplicationScoped
public class JobLog {
    private final Jobs jobs;
    private final Clock clock;

    JobLog(Jobs jobs, Clock clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /// The job of this subject, begun or begun again.
    Job start(Organisation organisation, TaskDescriptor<String> task, String subject) {
        Optional<Job> known = jobs.of(task.getTaskName(), subject).filter(job -> !ended(job.state()));
        Job job = known.orElseGet(() -> {
            Job created = Job.queued(organisation, task.getTaskName(), subject, clock.instant());
            jobs.insert(created);
            return created;
        });
        jobs.started(job.id(), clock.instant());
        return job;
    }

    void progress(Job job, long done, long total, String text) {
        jobs.progress(job.id(), done, total, text);
    }

    void end(Job job, Job.State state, String text) {
        jobs.ended(job.id(), state, text, clock.instant());
    }

    boolean cancelRequested(Job job) {
        return jobs.cancelRequested(job.id());
    }

    private static boolean ended(Job.State state) {
        return switch (state) {
            case QUEUED, RUNNING -> false;
            case DONE, FAILED, CANCELLED -> true;
        };
    }
}
