package io.varve.database;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;

/// Takes requested captures: keeps the capture and its evidence item and queues the work, all or nothing.
@ApplicationScoped
public class CaptureQueue {
    private final Captures captures;
    private final EvidenceItems evidence;
    private final Jobs jobs;
    private final SchedulerClient queue;

    CaptureQueue(Captures captures, EvidenceItems evidence, Jobs jobs, SchedulerClient queue) {
        this.captures = captures;
        this.evidence = evidence;
        this.jobs = jobs;
        this.queue = queue;
    }

    /// One that waits for approval is kept, and its end is queued; added again once it is approved, it starts.
    @Transactional
    public void add(Capture capture) {
        captures.save(capture);
        if (capture.state() == Capture.State.AWAITING_APPROVAL) {
            Instant before = capture.plan().approval().orElseThrow().before();
            Tasks.queue(queue, Tasks.EXPIRE_APPROVAL, capture.id().toString(), before);
            return;
        }
        Instant now = capture.dueSince();
        evidence.insert(EvidenceItem.minted(
                new EvidenceKey(capture.evidence()),
                capture.asset(),
                capture.provider(),
                capture.profile(),
                capture.id(),
                now));
        String subject = capture.id().toString();
        jobs.insert(Job.queued(capture.organisation(), Tasks.RUN_CAPTURE.getTaskName(), subject, now));
        Tasks.queue(queue, Tasks.RUN_CAPTURE, subject, now);
    }
}
