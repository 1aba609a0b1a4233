package io.varve.acquisition.batch;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.CaptureRequests;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Organisation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Reads alerts a batch at a time, to the same end as [AlertIntake] reads one.
///
/// @param requests where captures go, over the stores themselves
public record BatchIntake(
        Stores stores,
        CaptureRequests requests,
        AlertIntake.Sources sources,
        Budgets budgets,
        Duration approvalLife,
        Clock clock) {
    /// @param alerts of this organisation, as kept, still to be read
    public AlertBatch begin(Organisation organisation, List<Alert> alerts) {
        return AlertBatch.begin(this, organisation, alerts);
    }
}
