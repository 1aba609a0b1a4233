package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.Approvals;
import io.varve.acquisition.model.CaptureId;
import io.varve.database.Tasks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/// Rejects a capture that nobody approved in time.
@ApplicationScoped
public class ExpiryTask implements WorkerTask {
    private final Approvals approvals;
    private final Clock clock;

    ExpiryTask(Approvals approvals, Clock clock) {
        this.approvals = approvals;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.EXPIRE_APPROVAL;
    }

    @Override
    public Outcome run(String subject) {
        QuarkusTransaction.requiringNew().run(() -> approvals.expire(CaptureId.of(subject), clock.instant()));
        return Outcome.DONE;
    }
}
