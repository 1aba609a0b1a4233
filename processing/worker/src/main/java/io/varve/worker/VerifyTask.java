package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.database.AlertOrigins;
import io.varve.database.Tasks;
import io.varve.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Lets an alert in whose sender proves itself with something only workers can check, and rejects it otherwise.
@ApplicationScoped
public class VerifyTask implements WorkerTask {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    /// A sender that cannot be checked for so long is refused.
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Alerts alerts;
    private final AlertOrigins origins;
    private final Integrations integrations;
    private final SenderProof proof;
    private final Clock clock;

    VerifyTask(Alerts alerts, AlertOrigins origins, Integrations integrations, SenderProof proof, Clock clock) {
        this.alerts = alerts;
        this.origins = origins;
        this.integrations = integrations;
        this.proof = proof;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.VERIFY_ALERT;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        AlertId id = AlertId.of(subject);
        Optional<Alert> kept = alerts.find(id).filter(alert -> alert.state() == Alert.State.UNVERIFIED);
        if (kept.isEmpty()) {
            return Outcome.DONE;
        }
        Alert alert = kept.get();
        Optional<String> refusal;
        try {
            refusal = refusal(alert);
        } catch (ProviderException e) {
            if (clock.instant().isBefore(alert.receivedAt().plus(PATIENCE))) {
                return new Outcome.Again(clock.instant().plus(TRY_AGAIN));
            }
            refusal = Optional.of("its sender could not be verified: " + e.reason());
        }
        settle(alert, refusal);
        return Outcome.DONE;
    }

    /// Why the sender is not believed; empty when it is.
    private Optional<String> refusal(Alert alert) throws ProviderException, InterruptedException {
        Optional<AlertOrigins.Origin> origin = origins.of(alert.id());
        Optional<Integration> integration = origin.flatMap(from -> integrations.find(from.integration()));
        if (origin.isEmpty()
                || integration.isEmpty()
                || integration.get().inbound().isEmpty()) {
            return Optional.of("the integration it was sent to takes no alerts any more");
        }
        return proof.refusal(integration.get(), origin.get().headers(), alerts.raw(alert.id()), alert.receivedAt());
    }

    private void settle(Alert alert, Optional<String> refusal) {
        QuarkusTransaction.requiringNew().run(() -> {
            alerts.update(new Alert(
                    alert.id(),
                    alert.organisation(),
                    alert.source(),
                    alert.receivedAt(),
                    refusal.isEmpty() ? Alert.State.RECEIVED : Alert.State.REJECTED,
                    refusal.map(reason -> "The sender did not prove itself: " + reason),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
            origins.forget(alert.id());
        });
    }
}
