package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.AssetId;
import io.varve.database.Locks;
import io.varve.database.Tasks;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;

/// Reads one alert that was kept raw: its asset, its incident, and what the rules say. Alerts of one organisation are
/// read one after the other, so that two about the same new host make one asset and one incident.
@ApplicationScoped
public class AlertTask implements WorkerTask {
    private final AlertIntake intake;
    private final Alerts alerts;
    private final Locks locks;
    private final AlertLinks links;

    AlertTask(AlertIntake intake, Alerts alerts, Locks locks, AlertLinks links) {
        this.intake = intake;
        this.alerts = alerts;
        this.locks = locks;
        this.links = links;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.NORMALISE_ALERT;
    }

    @Override
    public Outcome run(String subject) throws IOException {
        AlertId id = AlertId.of(subject);
        Alert alert = alerts.find(id).orElseThrow(() -> new IllegalStateException("no alert " + id));
        List<AlertId> read = QuarkusTransaction.requiringNew().call(() -> {
            locks.transaction("acquisition:" + alert.organisation());
            return intake.normalise(id);
        });
        var about = new LinkedHashSet<AssetId>();
        for (AlertId one : read) {
            alerts.find(one).flatMap(Alert::asset).ifPresent(about::add);
        }
        for (AssetId asset : about) {
            links.refresh(asset);
        }
        return Outcome.DONE;
    }
}
