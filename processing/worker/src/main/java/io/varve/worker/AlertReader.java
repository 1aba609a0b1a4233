package io.varve.worker;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.batch.AlertBatch;
import io.varve.acquisition.batch.BatchIntake;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.CorroborationsDue;
import io.varve.database.Locks;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// Reads the alerts that were kept raw: their assets, their incidents, and what the rules say. Many are read in one
/// batch and transaction, in the order in which they came; when that fails, each for itself.
///
/// The alerts in state RECEIVED are the queue themselves: an alert is out of it exactly when it was read. Alerts of one
/// organisation are read one after the other, so that two about the same new host make one asset and one incident.
@ApplicationScoped
public class AlertReader {
    private static final Logger LOG = Logger.getLogger(AlertReader.class);
    private static final int DEEPEST_CAUSE = 20;
    /// SQL states of connections, transactions, resources and the system.
    private static final Set<String> OUTSIDE = Set.of("08", "25", "40", "53", "55", "57", "58");

    private final BatchIntake batches;
    private final AlertIntake intake;
    private final Alerts alerts;
    private final Locks locks;
    private final CorroborationsDue due;
    private final WorkerConfig config;
    private final Clock clock;
    private final FailedAlerts failures;

    AlertReader(
            BatchIntake batches,
            AlertIntake intake,
            Alerts alerts,
            Locks locks,
            CorroborationsDue due,
            WorkerConfig config,
            Clock clock) {
        this.batches = batches;
        this.intake = intake;
        this.alerts = alerts;
        this.locks = locks;
        this.due = due;
        this.config = config;
        this.clock = clock;
        this.failures = new FailedAlerts();
    }

    /// One batch of every organisation that has unread alerts.
    ///
    /// @return how long to wait before the next round
    Duration round() {
        boolean more = false;
        for (Organisation organisation : alerts.waiting()) {
            more |= read(organisation);
        }
        return more ? Duration.ZERO : config.alerts().poll();
    }

    /// @return whether there may be more to read at once
    private boolean read(Organisation organisation) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> batch(organisation)) > 0;
        } catch (RuntimeException e) {
            LOG.warnf("a batch of alerts of %s: %s; they are read one by one", organisation, e.getMessage());
            return oneByOne(organisation);
        }
    }

    private int batch(Organisation organisation) {
        locks.transaction("acquisition:" + organisation);
        List<Alert> next = next(organisation);
        if (next.isEmpty()) {
            return 0;
        }
        AlertBatch batch = batches.begin(organisation, next);
        long end = System.nanoTime() + config.alerts().batchTime().toNanos();
        var about = new LinkedHashSet<AssetId>();
        int read = 0;
        for (Alert alert : next) {
            about.addAll(batch.normalise(alert));
            read++;
            if (System.nanoTime() > end) {
                break;
            }
        }
        batch.finish();
        mark(organisation, about);
        return read;
    }

    private List<Alert> next(Organisation organisation) {
        Instant now = clock.instant();
        return alerts.unread(organisation, config.alerts().batch() + failures.count()).stream()
                .filter(alert -> failures.mayTry(alert.id(), now))
                .limit(config.alerts().batch())
                .toList();
    }

    /// After a batch failed: each alert for itself, so that one which cannot be read does not hold up the others.
    private boolean oneByOne(Organisation organisation) {
        boolean any = false;
        for (Alert alert : next(organisation)) {
            any |= one(organisation, alert.id());
        }
        return any;
    }

    private boolean one(Organisation organisation, AlertId id) {
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                locks.transaction("acquisition:" + organisation);
                mark(organisation, intake.normalise(id));
            });
            failures.over(id);
            return true;
        } catch (RuntimeException e) {
            if (isOfTheDatabase(e)) {
                throw e;
            }
            failed(organisation, id, e);
            return false;
        }
    }

    /// No connection, no room, a server that shuts down: not the alert's fault.
    private static boolean isOfTheDatabase(Throwable problem) {
        Throwable cause = problem;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof SQLException failure) {
                String state = failure.getSQLState();
                return state == null || OUTSIDE.contains(state.substring(0, 2));
            }
            cause = cause.getCause();
        }
        return false;
    }

    /// Tried a few times, later each time; then it is rejected with its body kept.
    private void failed(Organisation organisation, AlertId id, RuntimeException problem) {
        LOG.errorf(problem, "alert %s cannot be read", id);
        if (!failures.add(id, clock.instant())) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> {
            locks.transaction("acquisition:" + organisation);
            intake.giveUp(id, "reading it failed here %d times; the log says why".formatted(FailedAlerts.MOST));
        });
        failures.over(id);
    }

    private void mark(Organisation organisation, Set<AssetId> about) {
        Instant at = clock.instant().plus(config.corroboration().delay());
        due.mark(organisation, about, at);
    }
}
