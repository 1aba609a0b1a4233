package io.varve.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.database.EvidenceItems;
import io.varve.database.Job;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Lets providers remove what a capture made outside, at its end and again later when that fails.
@ApplicationScoped
public class Releases {
    private static final Logger LOG = Logger.getLogger(Releases.class);

    private final Captures captures;
    private final EvidenceItems evidence;
    private final DatabaseOrders orders;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final CustodySigning signing;
    private final Providers providers;
    private final Tenants tenants;
    private final Images images;
    private final JobLog jobs;
    private final SchedulerClient queue;
    private final WorkerConfig config;
    private final WorkerName name;
    private final Clock clock;

    Releases(
            Captures captures,
            EvidenceItems evidence,
            DatabaseOrders orders,
            ObjectStore objects,
            CustodyLogs logs,
            CustodySigning signing,
            Providers providers,
            Tenants tenants,
            Images images,
            JobLog jobs,
            SchedulerClient queue,
            WorkerConfig config,
            WorkerName name,
            Clock clock) {
        this.captures = captures;
        this.evidence = evidence;
        this.orders = orders;
        this.objects = objects;
        this.logs = logs;
        this.signing = signing;
        this.providers = providers;
        this.tenants = tenants;
        this.images = images;
        this.jobs = jobs;
        this.queue = queue;
        this.config = config;
        this.name = name;
        this.clock = clock;
    }

    /// The capture as its provider sees it.
    CaptureContext context(Capture capture, Instant deadline, Job job, Optional<Connection> tenant, Path scratch) {
        return new StoredCaptureContext(
                capture,
                deadline,
                captures,
                evidence,
                orders,
                objects,
                logs.of(new EvidenceKey(capture.evidence())),
                name,
                jobs,
                job,
                tenant,
                images,
                scratch);
    }

    /// At the end of a capture: what cannot be removed now does not hold its end up.
    void now(Capture capture, Job job) throws InterruptedException, IOException {
        try {
            release(capture, job);
        } catch (ProviderException e) {
            LOG.warnf("capture %s: something is left outside: %s", capture.id(), e.reason());
            EvidenceKey evidence = new EvidenceKey(capture.evidence());
            logs.of(evidence).appendOnce(name.actor(), "release.failed", e.reason());
            signing.sign(evidence);
            Tasks.queue(
                    queue,
                    Tasks.RELEASE_CAPTURE,
                    capture.id().toString(),
                    clock.instant().plus(config.jobs().releaseAgain()));
        }
    }

    void release(Capture capture, Job job) throws ProviderException, InterruptedException, IOException {
        Capture latest = captures.find(capture.id()).orElse(capture);
        Provider provider = providers.named(latest.provider());
        Path scratch = Scratch.make(config.data());
        try {
            tenants.run(
                    latest,
                    tenant -> provider.release(context(
                            latest, latest.dueSince().plus(config.jobs().captureDeadline()), job, tenant, scratch)));
        } finally {
            Scratch.remove(scratch);
        }
    }
}
