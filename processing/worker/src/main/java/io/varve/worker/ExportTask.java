package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Exports;
import io.varve.database.Exports.Export;
import io.varve.database.SigningKeyRing;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceExport;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.PackageContents;
import io.varve.evidence.PackageStream;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Makes an evidence package ready: an entry in the custody log, signatures, and the signed list of its contents. The
/// server then sends it.
@ApplicationScoped
public class ExportTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(ExportTask.class);

    private final Exports exports;
    private final SigningKeyRing ring;
    private final EvidenceExport packages;
    private final ObjectStore objects;
    private final CustodySigning signing;
    private final Clock clock;

    ExportTask(
            Exports exports,
            SigningKeyRing ring,
            EvidenceExport packages,
            ObjectStore objects,
            CustodySigning signing,
            Clock clock) {
        this.exports = exports;
        this.ring = ring;
        this.packages = packages;
        this.objects = objects;
        this.signing = signing;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.EXPORT_EVIDENCE;
    }

    @Override
    public Outcome run(String subject) {
        Optional<Export> open = exports.find(UUID.fromString(subject))
                .filter(export -> export.endedAt().isEmpty());
        if (open.isEmpty()) {
            return Outcome.DONE;
        }
        Export export = open.get();
        try {
            PackageContents contents = packages.prepare(
                    export.evidence(),
                    export.id().toString(),
                    export.requestedBy(),
                    export.reason(),
                    ring.all(),
                    signing::stamp);
            exports.ready(export.id(), new PackageStream(objects).size(contents), clock.instant());
            LOG.infof("evidence %s: package %s is ready", export.evidence(), export.id());
        } catch (IOException e) {
            LOG.warnf("evidence %s: package %s: %s", export.evidence(), export.id(), e.getMessage());
            exports.failed(export.id(), "The package could not be made: " + e.getMessage(), clock.instant());
        }
        return Outcome.DONE;
    }
}
