package io.varve.provider.crowdstrike;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.crowdstrike.Rtr.Opened;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Commands that wait in CrowdStrike's cloud for a host that is offline, so that the collector runs as soon as the host
/// is back, whether or not we look just then.
///
/// Step: `channel.queued` (session and ids of its commands), stored when the last one waits.
final class OfflineQueue {
    private static final String STEP = "channel.queued";
    private static final Duration TRY_AGAIN = Duration.ofSeconds(60);

    private final Rtr rtr;
    private final CaptureContext context;
    private final List<String> requests = new ArrayList<>();
    private Optional<Opened> session = Optional.empty();

    OfflineQueue(Rtr rtr, CaptureContext context) {
        this.rtr = rtr;
        this.context = context;
    }

    /// True while the commands of this attempt go into the queue.
    boolean filling() {
        return session.isPresent();
    }

    boolean filled() {
        return context.step(STEP).isPresent();
    }

    /// The session of the queue, which is ours.
    Optional<String> ownSession() {
        return context.step(STEP).map(step -> step.split(" ", -1)[0]);
    }

    /// Opens a session that queues.
    ///
    /// @return false when the host is back already
    boolean open(String aid) throws ProviderException, InterruptedException {
        Opened opened = rtr.openQueued(aid);
        session = Optional.of(opened).filter(Opened::queued);
        return session.isPresent();
    }

    void add(RtrCommand command) throws ProviderException, InterruptedException {
        try {
            requests.add(rtr.send(session.orElseThrow().session(), command));
        } catch (SessionLostException e) {
            throw new ProviderException(
                    Kind.OFFLINE, "the queue for the offline host is gone: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
    }

    /// All commands wait now.
    ///
    /// @return for the caller to throw
    ProviderException complete() throws ProviderException {
        String id = session.orElseThrow().session();
        try {
            context.custody(
                    STEP,
                    "the host is offline; %d commands wait for it in session %s, for seven days at most"
                            .formatted(requests.size(), id));
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "custody could not be written: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
        context.completed(STEP, id + " " + String.join(" ", requests));
        session = Optional.empty();
        return waiting();
    }

    ProviderException waiting() {
        return new ProviderException(
                Kind.OFFLINE,
                "the host is offline; the collector waits in CrowdStrike's queue and runs as soon as the host is back",
                Optional.of(TRY_AGAIN));
    }

    /// Takes back what still waits: nobody wants it any more.
    void withdraw() throws ProviderException, InterruptedException {
        Optional<String> step = context.step(STEP);
        if (step.isEmpty()) {
            return;
        }
        String[] ids = step.get().split(" ", -1);
        for (int i = ids.length - 1; i > 0; i--) {
            rtr.withdraw(ids[0], ids[i]);
        }
    }
}
