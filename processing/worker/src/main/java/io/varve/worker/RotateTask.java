package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.SigningKeyRing;
import io.varve.database.Tasks;
import io.varve.evidence.Signer;
import io.varve.evidence.SigningKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import org.jboss.logging.Logger;

/// Replaces the key that custody is signed with, when somebody asked for it.
@ApplicationScoped
public class RotateTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(RotateTask.class);

    private final SigningKeys keys;
    private final SigningKeyRing ring;
    private final Clock clock;

    RotateTask(SigningKeys keys, SigningKeyRing ring, Clock clock) {
        this.keys = keys;
        this.ring = ring;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.ROTATE_KEY;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        Signer before = keys.current();
        Signer now = keys.rotate();
        ring.publish(now, clock.instant());
        ring.retire(before, clock.instant());
        LOG.infof("%s replaced the custody key %s by %s", subject, before.fingerprint(), now.fingerprint());
        return Outcome.DONE;
    }
}
