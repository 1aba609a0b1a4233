package io.varve.acquisition.batch;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.IncidentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is decided about alerts that nothing was decided about before. The rest goes straight to the store.
final class BatchDecisions implements Decisions {
    private final Decisions below;
    private final Runnable write;
    private final BatchAlerts alerts;
    private final Map<AlertId, List<Decision>> made = new HashMap<>();
    private final List<Decision> changed = new ArrayList<>();

    BatchDecisions(Decisions below, Runnable write, BatchAlerts alerts) {
        this.below = below;
        this.write = write;
        this.alerts = alerts;
    }

    List<Decision> taken() {
        List<Decision> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    @Override
    public void save(Decision decision) {
        List<Decision> before = made.getOrDefault(decision.alert(), List.of());
        boolean first = before.stream().noneMatch(known -> known.rule().equals(decision.rule()));
        if (!alerts.isFresh(decision.alert()) || decision.about().isPresent() || !first) {
            written().save(decision);
            return;
        }
        made.computeIfAbsent(decision.alert(), id -> new ArrayList<>()).add(decision);
        changed.add(decision);
    }

    @Override
    public List<Decision> ofAlert(AlertId alert) {
        return alerts.isFresh(alert)
                ? List.copyOf(made.getOrDefault(alert, List.of()))
                : written().ofAlert(alert);
    }

    @Override
    public List<Decision> ofIncident(IncidentId incident, int limit) {
        return written().ofIncident(incident, limit);
    }

    @Override
    public Map<Decision.Outcome, Long> counts(IncidentId incident) {
        return written().counts(incident);
    }

    private Decisions written() {
        write.run();
        return below;
    }
}
