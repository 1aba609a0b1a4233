package io.varve.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.database.AlertOrigins;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/// What an earlier process left behind: looked for at every start. Queued work needs none of this; it is for what was
/// kept and never queued, and for uploads that will never be evidence.
@ApplicationScoped
public class Leftovers {
    private static final Logger LOG = Logger.getLogger(Leftovers.class);
    private static final int MOST = 10_000;
    private static final Duration IN_FLIGHT = Duration.ofSeconds(30);

    private final AlertOrigins origins;
    private final Integrations integrations;
    private final EvidenceItems evidence;
    private final ObjectStore objects;
    private final Images images;
    private final SchedulerClient queue;
    private final Clock clock;

    Leftovers(
            AlertOrigins origins,
            Integrations integrations,
            EvidenceItems evidence,
            ObjectStore objects,
            Images images,
            SchedulerClient queue,
            Clock clock) {
        this.origins = origins;
        this.integrations = integrations;
        this.evidence = evidence;
        this.objects = objects;
        this.images = images;
        this.queue = queue;
        this.clock = clock;
    }

    void pickUp() {
        Instant now = clock.instant();
        for (AlertId alert : origins.unverified(now.minus(IN_FLIGHT), MOST)) {
            Tasks.queue(queue, Tasks.VERIFY_ALERT, alert.toString(), now);
        }
        for (Integration integration : integrations.enabled(Integration.Use.ALERTS)) {
            Tasks.queue(queue, Tasks.FETCH_ALERTS, integration.id().toString(), now);
        }
        for (EvidenceItem item : evidence.in(EvidenceItem.Processing.State.WAITING, MOST)) {
            Tasks.queue(queue, Tasks.PROCESS_EVIDENCE, item.key().value(), now);
        }
        Tasks.queue(queue, Tasks.REHASH_EVIDENCE, Tasks.ALL, now);
        Tasks.queue(queue, Tasks.DELETE_EXPIRED, Tasks.ALL, now);
        images.sweep(key -> evidence.find(key)
                .filter(item -> item.state() == EvidenceItem.State.CAPTURING)
                .isPresent());
        try {
            objects.uploads().forEach(this::discardIfGivenUp);
        } catch (IOException e) {
            LOG.warnf("cannot list unfinished uploads: %s", e.getMessage());
        }
    }

    private void discardIfGivenUp(String upload) {
        Optional<EvidenceKey> key = key(upload);
        boolean wanted = key.flatMap(evidence::find)
                .filter(item -> item.state() != EvidenceItem.State.DISCARDED)
                .isPresent();
        if (key.isEmpty() || wanted) {
            return;
        }
        try {
            objects.upload(upload).abort();
            LOG.infof("discarded the unfinished upload %s", upload);
        } catch (IOException e) {
            LOG.warnf("cannot discard the unfinished upload %s: %s", upload, e.getMessage());
        }
    }

    /// `organisation/evidence/ev-…/data` belongs to the evidence `organisation/ev-…`.
    private static Optional<EvidenceKey> key(String upload) {
        String[] parts = upload.split("/", -1);
        if (parts.length < 4 || !parts[1].equals("evidence")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EvidenceKey(parts[0] + "/" + parts[2]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
