package io.varve.worker;

import io.varve.acquisition.model.AlertId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Alerts that could not be read for a reason of ours, and when each is tried again. Used by one thread.
final class FailedAlerts {
    /// After so many tries an alert is given up.
    static final int MOST = 6;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_ALERTS = 1_000;

    private final Map<AlertId, Failure> byAlert = new LinkedHashMap<>();

    private record Failure(int tries, Instant again) {}

    /// @return whether the alert is to be given up
    boolean add(AlertId alert, Instant now) {
        int tries = Optional.ofNullable(byAlert.get(alert)).map(Failure::tries).orElse(0) + 1;
        if (byAlert.size() >= MOST_ALERTS) {
            byAlert.remove(byAlert.keySet().iterator().next());
        }
        byAlert.put(alert, new Failure(tries, now.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(tries, MOST)))));
        return tries >= MOST;
    }

    boolean mayTry(AlertId alert, Instant now) {
        Failure failure = byAlert.get(alert);
        return failure == null || !now.isBefore(failure.again());
    }

    void over(AlertId alert) {
        byAlert.remove(alert);
    }

    int count() {
        return byAlert.size();
    }
}
