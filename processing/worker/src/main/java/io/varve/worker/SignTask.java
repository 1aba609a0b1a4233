package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Signs what was added to a custody log: the server that adds entries has no key. Asks for the time stamp of a
/// signature
/// again where the authority did not answer.
@ApplicationScoped
public class SignTask implements WorkerTask {
    /// Until an authority that did not answer is asked again.
    static final Duration STAMPED_AGAIN = Duration.ofMinutes(5);

    private static final String STAMP = "#stamp";

    private final CustodySigning signing;
    private final Clock clock;

    SignTask(CustodySigning signing, Clock clock) {
        this.signing = signing;
        this.clock = clock;
    }

    /// The subject under which a time stamp is asked for again.
    static String stamping(EvidenceKey evidence) {
        return evidence.value() + STAMP;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.SIGN_CUSTODY;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        EvidenceKey evidence = new EvidenceKey(subject.split("#", -1)[0]);
        if (!subject.endsWith(STAMP)) {
            signing.sign(evidence);
            return Outcome.DONE;
        }
        return signing.signAndStamp(evidence)
                ? Outcome.DONE
                : new Outcome.Again(clock.instant().plus(STAMPED_AGAIN));
    }
}
