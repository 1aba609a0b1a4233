package io.varve.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/// Takes tasks from the queue while the process runs. Leases, heartbeats, retries and the recovery of dead workers are
/// db-scheduler's.
@ApplicationScoped
public class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);
    /// An attempt that failed by an exception is repeated after this, doubled each time.
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final AgroalDataSource database;
    private final WorkerConfig config;
    private final WorkerName name;
    private final Instance<WorkerTask> tasks;
    private final Leftovers leftovers;
    private final AlertReader alerts;
    private final CorroborationRound corroborations;
    private final List<Rounds> rounds = new ArrayList<>();
    private Optional<Scheduler> scheduler = Optional.empty();

    Worker(
            AgroalDataSource database,
            WorkerConfig config,
            WorkerName name,
            Instance<WorkerTask> tasks,
            Leftovers leftovers,
            AlertReader alerts,
            CorroborationRound corroborations) {
        this.database = database;
        this.config = config;
        this.name = name;
        this.tasks = tasks;
        this.leftovers = leftovers;
        this.alerts = alerts;
        this.corroborations = corroborations;
    }

    void start(@Observes StartupEvent event) {
        var known = new ArrayList<Task<?>>();
        tasks.forEach(task -> known.add(scheduled(task)));
        Scheduler built = io.varve.database.Tasks.scheduler(database, known)
                .threads(config.jobs().atOnce())
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("job-", 0).factory()))
                .schedulerName(new SchedulerName.Fixed(name.value()))
                .pollingInterval(config.jobs().poll())
                .heartbeatInterval(config.jobs().heartbeat())
                .missedHeartbeatsLimit(config.jobs().missedHeartbeats())
                .pollUsingLockAndFetch(0.5, 2.0)
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        Scratch.sweep(config.data());
        leftovers.pickUp();
        built.start();
        scheduler = Optional.of(built);
        rounds.add(Rounds.start("alerts", alerts::round));
        rounds.add(Rounds.start("corroboration", corroborations::round));
        LOG.infof("worker %s takes jobs", name.value());
    }

    void stop(@Observes ShutdownEvent event) {
        rounds.forEach(Rounds::stop);
        scheduler.ifPresent(Scheduler::stop);
    }

    private static Task<String> scheduled(WorkerTask task) {
        return Tasks.custom(task.task())
                .onFailure(new FailureHandler.ExponentialBackoffFailureHandler<String>(RETRY))
                .onDeadExecutionRevive()
                .execute((instance, context) -> complete(task, instance.getData()));
    }

    private static CompletionHandler<String> complete(WorkerTask task, String subject) {
        try {
            return switch (task.run(subject)) {
                case Outcome.Done() -> new CompletionHandler.OnCompleteRemove<>();
                case Outcome.Again(var at) -> (execution, operations) -> operations.reschedule(execution, at);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(task.task().getTaskName() + " " + subject + " was interrupted", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(task.task().getTaskName() + " " + subject + ": " + e.getMessage(), e);
        }
    }
}
