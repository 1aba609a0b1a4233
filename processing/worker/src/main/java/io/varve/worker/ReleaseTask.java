package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.database.Job;
import io.varve.database.Tasks;
import io.varve.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Removes what a capture left outside when that did not work at its end: asked again until it works.
@ApplicationScoped
public class ReleaseTask implements WorkerTask {
    private static final int LONGER = 5;
    private static final Duration PATIENCE = Duration.ofDays(30);

    private final Captures captures;
    private final Releases releases;
    private final JobLog jobs;
    private final WorkerConfig config;
    private final Clock clock;

    ReleaseTask(Captures captures, Releases releases, JobLog jobs, WorkerConfig config, Clock clock) {
        this.captures = captures;
        this.releases = releases;
        this.jobs = jobs;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.RELEASE_CAPTURE;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException, IOException {
        Capture capture = captures.find(CaptureId.of(subject))
                .orElseThrow(() -> new IllegalStateException("no capture " + subject));
        Job job = jobs.start(capture.organisation(), task(), subject);
        Instant now = clock.instant();
        try {
            releases.release(capture, job);
            jobs.end(job, Job.State.DONE, "nothing is left outside");
        } catch (ProviderException e) {
            if (now.isBefore(capture.dueSince().plus(PATIENCE))) {
                jobs.end(job, Job.State.QUEUED, e.reason());
                return new Outcome.Again(now.plus(config.jobs().releaseAgain().multipliedBy(LONGER)));
            }
            jobs.end(job, Job.State.FAILED, e.reason());
        }
        return Outcome.DONE;
    }
}
