package io.varve.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.database.CorroborationsDue;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Job;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLog;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Manifest;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Seal;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/// Runs one capture: the provider brings the bytes, they are sealed, and their processing is queued.
@ApplicationScoped
public class CaptureTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(CaptureTask.class);
    private static final Duration RETRY = Duration.ofSeconds(15);
    /// Step in which a provider tells where the bytes came from: a JSON object of text, for the manifest.
    private static final String SOURCE = "source";

    private static final JsonMapper JSON = new JsonMapper();

    private final Captures captures;
    private final Assets assets;
    private final EvidenceItems evidence;
    private final JobLog jobs;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final Seal seal;
    private final Providers providers;
    private final Tenants tenants;
    private final DatabaseOrders orders;
    private final Images images;
    private final Releases releases;
    private final SchedulerClient queue;
    private final Setback setback;
    private final CorroborationsDue due;
    private final WorkerConfig config;
    private final WorkerName name;
    private final Clock clock;

    CaptureTask(
            Captures captures,
            Assets assets,
            EvidenceItems evidence,
            JobLog jobs,
            ObjectStore objects,
            CustodyLogs logs,
            Seal seal,
            Providers providers,
            Tenants tenants,
            DatabaseOrders orders,
            Images images,
            Releases releases,
            SchedulerClient queue,
            Setback setback,
            CorroborationsDue due,
            WorkerConfig config,
            WorkerName name,
            Clock clock) {
        this.captures = captures;
        this.assets = assets;
        this.evidence = evidence;
        this.jobs = jobs;
        this.objects = objects;
        this.logs = logs;
        this.seal = seal;
        this.providers = providers;
        this.tenants = tenants;
        this.orders = orders;
        this.images = images;
        this.releases = releases;
        this.queue = queue;
        this.setback = setback;
        this.due = due;
        this.config = config;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.RUN_CAPTURE;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException, IOException {
        Capture capture = captures.find(CaptureId.of(subject))
                .orElseThrow(() -> new IllegalStateException("no capture " + subject));
        if (!starts(capture)) {
            return Outcome.DONE;
        }
        EvidenceKey key = new EvidenceKey(capture.evidence());
        Job job = jobs.start(capture.organisation(), task(), subject);
        capture = begin(capture);
        CustodyLog custody = logs.of(key);
        custody.appendOnce(
                name.actor(),
                "capture.started",
                "requested by %s, provider %s, profile %s, target %s"
                        .formatted(capture.requestedBy(), capture.provider(), capture.profile(), capture.target()));
        setback.custody(capture, custody);
        try {
            Provider provider = providers.named(capture.provider());
            Path scratch = Scratch.make(config.data());
            try {
                Capture begun = capture;
                tenants.run(
                        begun,
                        tenant -> provider.capture(releases.context(begun, deadline(begun), job, tenant, scratch)));
            } finally {
                Scratch.remove(scratch);
            }
            Manifest manifest = seal(capture, key, provider.mediaType(capture.profile()));
            releases.now(capture, job);
            finish(capture, key, manifest);
            images.forget(key);
            jobs.end(job, Job.State.DONE, "captured");
            comment(capture);
            return Outcome.DONE;
        } catch (ProviderException e) {
            return refused(capture, key, custody, job, e);
        } finally {
            images.close(key);
        }
    }

    /// The console hears of it once everything about the incident is settled.
    private void comment(Capture capture) {
        capture.incident()
                .ifPresent(incident -> Tasks.queue(queue, Tasks.COMMENT, incident.toString(), clock.instant()));
    }

    private static boolean starts(Capture capture) {
        return switch (capture.state()) {
            case QUEUED, RUNNING -> true;
            case AWAITING_APPROVAL, CAPTURED, FAILED, CANCELLED, REJECTED -> false;
        };
    }

    private Instant deadline(Capture capture) {
        return capture.dueSince().plus(config.jobs().captureDeadline());
    }

    private Capture begin(Capture capture) {
        return CaptureStates.change(
                captures,
                capture.id(),
                now -> CaptureStates.with(
                        now,
                        Capture.State.RUNNING,
                        now.startedAt().or(() -> Optional.of(clock.instant())),
                        Optional.empty(),
                        "running"));
    }

    private Manifest seal(Capture capture, EvidenceKey key, String mediaType) throws IOException {
        Capture latest = captures.find(capture.id()).orElse(capture);
        var origin = new Seal.Origin(
                capture.id().toString(),
                capture.provider(),
                capture.profile(),
                assets.find(capture.asset()).map(Asset::name).orElse(""),
                latest.startedAt().orElseGet(clock::instant),
                mediaType,
                source(latest));
        return seal.seal(
                key,
                origin,
                name.actor(),
                digest -> evidence.byDigest(capture.organisation(), digest).map(EvidenceItem::key));
    }

    /// What the provider tells of where the bytes came from, as the step [#SOURCE].
    private static Map<String, String> source(Capture capture) throws IOException {
        var source = new TreeMap<String, String>();
        source.put("target", capture.target());
        Optional<String> told = Optional.ofNullable(capture.steps().get(SOURCE));
        if (told.isPresent()) {
            source.putAll(JSON.readValue(told.get(), new TypeReference<Map<String, String>>() {}));
        }
        return Map.copyOf(source);
    }

    private void finish(Capture capture, EvidenceKey key, Manifest manifest) {
        QuarkusTransaction.requiringNew().run(() -> {
            Instant now = clock.instant();
            Optional<EvidenceKey> same = evidence.sealed(
                    key,
                    manifest.object().size(),
                    manifest.object().sha256(),
                    manifest.object().parts().size(),
                    manifest.sealed());
            Tasks.queue(queue, Tasks.PRESERVE_EVIDENCE, key.value(), now);
            if (same.isPresent()) {
                evidence.processed(
                        key,
                        EvidenceItem.Processing.State.DONE,
                        0,
                        "the same bytes as " + same.get().id(),
                        now);
            }
            // also where events came before the seal and are of bytes that are known already: they are taken back
            Tasks.queue(queue, Tasks.PROCESS_EVIDENCE, key.value(), now);
            captures.change(
                    capture.id(),
                    current -> CaptureStates.with(
                            current,
                            Capture.State.CAPTURED,
                            current.startedAt(),
                            Optional.of(now),
                            "captured %,d bytes".formatted(manifest.object().size())));
            due.mark(capture.organisation(), capture.asset(), now);
        });
        LOG.infof(
                "capture %s: sealed %s, %d bytes",
                capture.id(), key, manifest.object().size());
    }

    private Outcome refused(Capture capture, EvidenceKey key, CustodyLog custody, Job job, ProviderException problem)
            throws IOException, InterruptedException {
        Instant now = clock.instant();
        Instant patience = setback.patience(capture, problem.kind(), now);
        Instant wanted = now.plus(problem.retryAfter().orElse(RETRY));
        Instant again = wanted.isBefore(patience) || !now.isBefore(patience) ? wanted : patience;
        if (worthRetrying(problem.kind()) && again.isBefore(deadline(capture)) && now.isBefore(patience)) {
            CaptureStates.change(
                    captures,
                    capture.id(),
                    current -> CaptureStates.with(
                            current, Capture.State.QUEUED, current.startedAt(), Optional.empty(), problem.reason()));
            jobs.end(job, Job.State.QUEUED, problem.reason());
            LOG.infof("capture %s: %s, again at %s", capture.id(), problem.reason(), again);
            return new Outcome.Again(again);
        }
        boolean cancelled = problem.kind() == ProviderException.Kind.CANCELLED
                || captures.find(capture.id()).map(Capture::cancelRequested).orElse(false);
        custody.appendOnce(name.actor(), cancelled ? "capture.cancelled" : "capture.failed", problem.reason());
        seal.sign(key);
        images.forget(key);
        releases.now(capture, job);
        objects.upload(key.object(Seal.DATA)).abort();
        orders.of(capture.organisation()).cancel(capture.id().toString());
        QuarkusTransaction.requiringNew().run(() -> {
            setback.lock(capture);
            evidence.discarded(key);
            Capture ended = captures.change(
                    capture.id(),
                    current -> CaptureStates.with(
                            current,
                            cancelled ? Capture.State.CANCELLED : Capture.State.FAILED,
                            current.startedAt(),
                            Optional.of(now),
                            problem.reason()));
            if (!cancelled) {
                setback.goOn(ended, problem.reason(), now);
            }
            due.mark(capture.organisation(), capture.asset(), now);
        });
        jobs.end(job, cancelled ? Job.State.CANCELLED : Job.State.FAILED, problem.reason());
        LOG.infof("capture %s: %s", capture.id(), problem.reason());
        comment(capture);
        return Outcome.DONE;
    }

    private static boolean worthRetrying(ProviderException.Kind kind) {
        return switch (kind) {
            case OFFLINE, THROTTLED, FAILED -> true;
            case NOT_FOUND, FORBIDDEN, REFUSED, CANCELLED -> false;
        };
    }
}
