package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Care;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.Manifest;
import io.varve.evidence.Preservation;
import io.varve.evidence.Seal;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Retains sealed evidence and copies it to the second store, where either is configured. A store that is away is
/// waited for: evidence is looked into meanwhile.
@ApplicationScoped
public class PreserveTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(PreserveTask.class);
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final Seal seal;
    private final Preservation preservation;
    private final Care care;
    private final CustodySigning signing;
    private final WorkerName name;
    private final Clock clock;

    PreserveTask(
            Seal seal, Preservation preservation, Care care, CustodySigning signing, WorkerName name, Clock clock) {
        this.seal = seal;
        this.preservation = preservation;
        this.care = care;
        this.signing = signing;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.PRESERVE_EVIDENCE;
    }

    @Override
    public Outcome run(String subject) {
        try {
            Optional<Manifest> manifest = seal.manifest(new EvidenceKey(subject));
            if (manifest.isPresent()) {
                // first of all, so that deletion by policy knows it
                preservation.until(manifest.get()).ifPresent(until -> care.retain(new EvidenceKey(subject), until));
                preservation.preserve(manifest.get(), name.actor(), signing::sign);
            }
            return Outcome.DONE;
        } catch (IOException e) {
            LOG.warnf("%s cannot be preserved yet: %s", subject, e.getMessage());
            return new Outcome.Again(clock.instant().plus(TRY_AGAIN));
        }
    }
}
