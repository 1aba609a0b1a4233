package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Organisation;
import io.varve.database.CorroborationsDue;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Job;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.timeline.IndexName;
import io.varve.timeline.TimelineStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Turns one sealed evidence item into a timeline: an engine reads it, its events are sealed as segments and indexed
/// while it runs. Each attempt is a run of its own; the newest run is the one that counts.
@ApplicationScoped
public class EvidenceTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(EvidenceTask.class);
    private static final Duration WHEN_BUSY = Duration.ofMillis(500);
    private static final Duration WHEN_ELSEWHERE = Duration.ofSeconds(1);

    private final EvidenceItems evidence;
    private final JobLog jobs;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final CustodySigning signing;
    private final TimelineStore timeline;
    private final EvidenceOrder orders;
    private final Images images;
    private final EngineCommand engines;
    private final CorroborationsDue due;
    private final WorkerConfig config;
    private final WorkerName name;
    private final Clock clock;
    private final Semaphore free;

    EvidenceTask(
            EvidenceItems evidence,
            JobLog jobs,
            ObjectStore objects,
            CustodyLogs logs,
            CustodySigning signing,
            TimelineStore timeline,
            EvidenceOrder orders,
            Images images,
            EngineCommand engines,
            CorroborationsDue due,
            WorkerConfig config,
            WorkerName name,
            Clock clock) {
        this.evidence = evidence;
        this.jobs = jobs;
        this.objects = objects;
        this.logs = logs;
        this.signing = signing;
        this.timeline = timeline;
        this.orders = orders;
        this.images = images;
        this.engines = engines;
        this.due = due;
        this.config = config;
        this.name = name;
        this.clock = clock;
        this.free = new Semaphore(config.jobs().engines());
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.PROCESS_EVIDENCE;
    }

    /// As many at once as there are engines; another one waits in the queue, where other workers see it too.
    @Override
    public Outcome run(String subject) throws IOException, InterruptedException {
        if (!free.tryAcquire()) {
            return new Outcome.Again(clock.instant().plus(WHEN_BUSY));
        }
        try {
            return processed(subject);
        } finally {
            free.release();
        }
    }

    private Outcome processed(String subject) throws IOException, InterruptedException {
        EvidenceKey key = new EvidenceKey(subject);
        EvidenceItem item = evidence.find(key).orElseThrow(() -> new IllegalStateException("no evidence " + key));
        if (item.sameBytesAs().isPresent()) {
            forget(key, item.run() + 1);
            return Outcome.DONE;
        }
        boolean gone = item.state() == EvidenceItem.State.DISCARDED || item.state() == EvidenceItem.State.DELETED;
        if (gone || finished(item)) {
            return Outcome.DONE;
        }
        if (item.state() == EvidenceItem.State.CAPTURING && images.find(key).isEmpty()) {
            // another worker has it open, or its capture waits for its next attempt
            return new Outcome.Again(clock.instant().plus(WHEN_ELSEWHERE));
        }
        Job job = jobs.start(new Organisation(key.organisation()), task(), subject);
        for (int attempt = 0; ; attempt++) {
            int number = evidence.begin(key, clock.instant());
            try {
                process(item, number, job);
                return Outcome.DONE;
            } catch (EngineException e) {
                LOG.warnf("evidence %s: %s", key, e.reason());
                logs.of(key).append(name.actor(), "processing.failed", "run %d: %s".formatted(number, e.reason()));
                signing.sign(key);
                if (attempt >= config.engine().retries()) {
                    failed(item, number, job, e.reason());
                    return Outcome.DONE;
                }
            } catch (IOException e) {
                // Our own storage, not the evidence: it is tried again until it works.
                waiting(key, number, job, "cannot be stored: " + e.getMessage());
                throw e;
            }
        }
    }

    private static boolean finished(EvidenceItem item) {
        return switch (item.processing().state()) {
            case WAITING, RUNNING -> false;
            case DONE, FAILED -> true;
        };
    }

    private void process(EvidenceItem item, int number, Job job)
            throws IOException, InterruptedException, EngineException {
        EvidenceKey key = item.key();
        LOG.infof("evidence %s: run %d starts", key, number);
        Path scratch = scratch();
        try (var run = new TimelineRun(
                        key, number, objects, timeline, evidence, jobs, job, () -> images.answered(key), clock);
                var engine = new EngineRun(engines.command(scratch), scratch, config.engine())) {
            Optional<Integer> exit = answer(engine, item, number, run);
            if (exit.isEmpty()) {
                end(item, number, job, Job.State.CANCELLED, run, "cancelled");
                return;
            }
            run.finish();
            logs.of(key).append(name.actor(), "processed", "run %d, %d events".formatted(number, run.events()));
            signing.sign(key);
            end(item, number, job, Job.State.DONE, run, run.summary(exit.get()));
        } finally {
            images.answered(key);
            Scratch.remove(scratch);
        }
        boolean isKnown = evidence.find(key).flatMap(EvidenceItem::sameBytesAs).isPresent();
        forget(key, isKnown ? number + 1 : number);
    }

    /// What an engine found before it crashed is kept, and the coverage says how far it came.
    private Optional<Integer> answer(EngineRun engine, EvidenceItem item, int number, TimelineRun run)
            throws IOException, InterruptedException, EngineException {
        try {
            return engine.run(orders.of(item), orders.blocks(item.key()), run);
        } catch (EngineException e) {
            run.finish();
            if (isNewest(item.key(), number)) {
                evidence.coverage(item.key(), run.coverage());
            }
            throw e;
        }
    }

    private boolean isNewest(EvidenceKey key, int number) {
        return evidence.find(key).map(EvidenceItem::run).orElse(0) == number;
    }

    private void end(EvidenceItem item, int number, Job job, Job.State state, TimelineRun run, String text) {
        EvidenceKey key = item.key();
        EvidenceItem.Processing.State processing =
                state == Job.State.DONE ? EvidenceItem.Processing.State.DONE : EvidenceItem.Processing.State.FAILED;
        if (!isNewest(key, number)) {
            LOG.warnf("evidence %s: run %d was overtaken by a newer one", key, number);
            return;
        }
        evidence.coverage(key, run.coverage());
        ended(item, processing, run.events(), text);
        jobs.end(job, state, text);
        LOG.infof("evidence %s: run %d: %s", key, number, text);
    }

    /// A run that was overtaken must not touch what the newer one wrote.
    private void waiting(EvidenceKey key, int number, Job job, String reason) {
        try {
            remove(key, number);
        } catch (IOException e) {
            LOG.warnf("evidence %s: cannot remove what the failed run left: %s", key, e.getMessage());
        }
        if (isNewest(key, number)) {
            evidence.processed(key, EvidenceItem.Processing.State.WAITING, 0, reason, clock.instant());
            jobs.end(job, Job.State.QUEUED, reason);
        }
    }

    /// With the end, and not after it: its alerts are held against the evidence anew.
    private void ended(EvidenceItem item, EvidenceItem.Processing.State state, long events, String text) {
        QuarkusTransaction.requiringNew().run(() -> {
            Instant now = clock.instant();
            evidence.processed(item.key(), state, events, text, now);
            due.mark(new Organisation(item.key().organisation()), item.asset(), now);
        });
    }

    private void failed(EvidenceItem item, int number, Job job, String reason) throws IOException {
        EvidenceKey key = item.key();
        if (!isNewest(key, number)) {
            LOG.warnf("evidence %s: run %d was overtaken by a newer one", key, number);
            return;
        }
        long events = evidence.find(key).map(i -> i.processing().events()).orElse(0L);
        ended(item, EvidenceItem.Processing.State.FAILED, events, reason);
        jobs.end(job, Job.State.FAILED, reason);
        forget(key, number);
    }

    /// Removes what older runs left: they are derived, and the newest run is the one that counts.
    private void forget(EvidenceKey key, int current) throws IOException {
        for (int run = 1; run < current; run++) {
            remove(key, run);
        }
    }

    /// Removes the index and the segments of one run.
    private void remove(EvidenceKey key, int run) throws IOException {
        timeline.delete(new IndexName(key.organisation(), key.id(), Integer.toString(run)));
        try (Stream<String> names = objects.list(key.object("runs/%d/".formatted(run)))) {
            for (String old : names.toList()) {
                objects.delete(old);
            }
        }
    }

    private Path scratch() throws IOException {
        Path own = Scratch.make(config.data());
        engines.own(own);
        return own;
    }
}
