package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/// Signs what was added to a custody log: the server that adds entries has no key.
@ApplicationScoped
public class SignTask implements WorkerTask {
    private final CustodySigning signing;

    SignTask(CustodySigning signing) {
        this.signing = signing;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.SIGN_CUSTODY;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        signing.sign(new EvidenceKey(subject.split("#", -1)[0]));
        return Outcome.DONE;
    }
}
