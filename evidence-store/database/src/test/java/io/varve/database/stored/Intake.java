package io.varve.database.stored;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.RuleEngine;
import io.varve.acquisition.Sighting;
import io.varve.acquisition.batch.AlertBatch;
import io.varve.acquisition.batch.BatchIntake;
import io.varve.acquisition.batch.Stores;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Alerts in as the worker reads them, over the real database.
record Intake(TestDatabase database, Organisation organisation, Budgets budgets) {
    private static final int BATCH = 500;

    void enrol(String agent, String host) {
        database.run(db -> new AssetIdentity(db.assets, AssetIdentity.ADDRESS_WINDOW)
                .enrol(organisation, Sighting.ofAgent(agent, host, Optional.empty(), List.of(), Samples.NOW)));
    }

    void receive(List<byte[]> bodies) {
        database.run(db -> bodies.forEach(body -> db.alerts.receive(received(), body)));
    }

    private Alert received() {
        return new Alert(
                AlertId.mint(),
                organisation,
                "generic",
                Instant.now(),
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// Reads all that waits, a batch to a transaction.
    void readAll() {
        int read = BATCH;
        while (read > 0) {
            read = database.transaction(this::batch);
        }
    }

    private int batch(TestDatabase.Stored db) {
        db.locks.transaction("acquisition:" + organisation);
        List<Alert> unread = db.alerts.unread(organisation, BATCH);
        AlertBatch batch = intake(db).begin(organisation, unread);
        Set<AssetId> about = new LinkedHashSet<>();
        unread.forEach(alert -> about.addAll(batch.normalise(alert)));
        batch.finish();
        db.due.mark(organisation, about, Instant.now());
        return unread.size();
    }

    private BatchIntake intake(TestDatabase.Stored db) {
        return new BatchIntake(
                new Stores(db.alerts, db.assets, db.incidents, db.rules, db.captures, db.decisions, db.batches),
                db.captures::save,
                AlertIntake.Sources.BUILT_IN,
                budgets,
                RuleEngine.APPROVAL_LIFE,
                Clock.systemUTC());
    }
}
