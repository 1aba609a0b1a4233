package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Looks;
import io.varve.database.Looks.Kind;
import io.varve.database.Looks.Look;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStore.Stored;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Shows a person a folder or a file of sealed evidence: an engine opens the evidence, the answer becomes an object of
/// the
/// store for a day. Bytes that are shown are entries of the custody log.
@ApplicationScoped
public class LookTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(LookTask.class);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int FORGOTTEN_AT_ONCE = 100;

    private final Looks looks;
    private final EvidenceItems evidence;
    private final EvidenceOrder orders;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final CustodySigning signing;
    private final EngineCommand engines;
    private final WorkerConfig config;
    private final Clock clock;

    LookTask(
            Looks looks,
            EvidenceItems evidence,
            EvidenceOrder orders,
            ObjectStore objects,
            CustodyLogs logs,
            CustodySigning signing,
            EngineCommand engines,
            WorkerConfig config,
            Clock clock) {
        this.looks = looks;
        this.evidence = evidence;
        this.orders = orders;
        this.objects = objects;
        this.logs = logs;
        this.signing = signing;
        this.engines = engines;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.LOOK;
    }

    @Override
    public Outcome run(String subject) throws IOException, InterruptedException {
        forget();
        Optional<Look> open = looks.find(UUID.fromString(subject))
                .filter(look -> look.endedAt().isEmpty());
        if (open.isEmpty()) {
            return Outcome.DONE;
        }
        Look look = open.get();
        Optional<EvidenceItem> item =
                evidence.find(look.evidence()).filter(found -> found.state() == EvidenceItem.State.SEALED);
        if (item.isEmpty()) {
            looks.failed(look.id(), "the evidence is not sealed", clock.instant());
            return Outcome.DONE;
        }
        Path scratch = Scratch.make(config.data());
        engines.own(scratch);
        try {
            answer(look, item.get(), scratch);
        } catch (EngineException e) {
            looks.failed(look.id(), e.reason(), clock.instant());
        } finally {
            Scratch.remove(scratch);
        }
        return Outcome.DONE;
    }

    private void answer(Look look, EvidenceItem item, Path scratch)
            throws IOException, InterruptedException, EngineException {
        EvidenceKey holder = item.sameBytesAs().orElse(item.key());
        objects.delete(look.object());
        try (var answer = new LookAnswer(objects.upload(look.object()));
                var engine = new EngineRun(engines.command(scratch), scratch, config.engine())) {
            engine.run(order(look, item), orders.blocks(holder), answer);
            if (answer.reason().isPresent()) {
                looks.failed(look.id(), answer.reason().get(), clock.instant());
                return;
            }
            Stored stored = answer.complete();
            if (look.kind() == Kind.READ) {
                logs.of(item.key())
                        .append(
                                look.requestedBy(),
                                "file_read",
                                "%s%s, from byte %d, %d bytes with SHA-256 %s"
                                        .formatted(
                                                look.volume().map(v -> v + ":").orElse(""),
                                                look.path(),
                                                look.offset(),
                                                stored.size(),
                                                stored.sha256().hex()));
                signing.sign(item.key());
            }
            looks.answered(look.id(), stored.size(), stored.sha256(), clock.instant());
        }
    }

    private Map<String, Object> order(Look look, EvidenceItem item) throws IOException {
        var what = new LinkedHashMap<String, Object>();
        what.put("kind", look.kind() == Kind.LIST ? "list" : "read");
        look.volume().ifPresent(volume -> what.put("volume", volume));
        what.put("path", look.path());
        what.put("offset", look.offset());
        what.put("length", look.length());
        Map<String, Object> order = orders.of(item);
        order.put("look", what);
        return order;
    }

    /// Answers of yesterday are removed as new ones are made.
    private void forget() {
        for (Look old : looks.forget(clock.instant().minus(KEPT), FORGOTTEN_AT_ONCE)) {
            try {
                objects.delete(old.object());
            } catch (IOException e) {
                LOG.warnf("look %s: its answer is left behind: %s", old.id(), e.getMessage());
            }
        }
    }
}
