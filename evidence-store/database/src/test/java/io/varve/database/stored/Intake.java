package io.varve.database.stored;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.CaptureService;
import io.varve.acquisition.Containments;
import io.varve.acquisition.IncidentGrouping;
import io.varve.acquisition.RuleEngine;
import io.varve.acquisition.Sighting;
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
    private static final int BATCH = 200;

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
        AlertIntake intake = intake(db);
        List<Alert> unread = db.alerts.unread(organisation, BATCH);
        Set<AssetId> about = new LinkedHashSet<>();
        unread.forEach(alert -> about.addAll(intake.normalise(alert)));
        about.forEach(asset -> db.due.mark(organisation, asset, Instant.now()));
        return unread.size();
    }

    private AlertIntake intake(TestDatabase.Stored db) {
        var service = new CaptureService(db.captures, db.captures::save, new Containments(db.alerts, db.captures));
        var rules = new RuleEngine(db.rules, db.captures, db.decisions, service, budgets, RuleEngine.APPROVAL_LIFE);
        return new AlertIntake(
                db.alerts,
                new AssetIdentity(db.assets, AssetIdentity.ADDRESS_WINDOW),
                new IncidentGrouping(db.incidents, IncidentGrouping.WINDOW),
                rules,
                Clock.systemUTC());
    }
}
