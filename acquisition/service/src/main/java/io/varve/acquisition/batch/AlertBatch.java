package io.varve.acquisition.batch;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.CaptureService;
import io.varve.acquisition.Containments;
import io.varve.acquisition.IncidentGrouping;
import io.varve.acquisition.RuleEngine;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Organisation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One batch: what is known about its alerts is asked for at its begin, what comes of them is written at its end. In
/// between they are read over stores in memory; a question these cannot answer first writes what there is and then goes
/// to the store below.
///
/// Belongs to one thread and one transaction.
public final class AlertBatch {
    /// Bodies that are held at a time; alerts beyond them are read as well, with more ways to the database.
    private static final long MOST_BYTES = 16L << 20;

    private final BatchIntake setting;
    private final Organisation organisation;
    private final BatchAlerts alerts;
    private final BatchAssets assets;
    private final BatchIncidents incidents;
    private final BatchDecisions decisions;
    private final BatchCaptures captures;
    private final AlertIntake intake;

    private AlertBatch(
            BatchIntake setting,
            Organisation organisation,
            List<Alert> unread,
            Map<AlertId, byte[]> raws,
            AlertBatches.Question question,
            AlertBatches.Known known) {
        Stores stores = setting.stores();
        this.setting = setting;
        this.organisation = organisation;
        this.alerts = new BatchAlerts(stores.alerts(), this::write, unread, raws, question.alerts(), known.alerts());
        this.assets = new BatchAssets(stores.assets(), this::write, question.names(), known.assets());
        this.incidents = new BatchIncidents(stores.incidents(), this::write, assets, question, known.incidents());
        this.decisions = new BatchDecisions(stores.decisions(), this::write, alerts);
        this.captures = new BatchCaptures(stores.captures(), assets, known.captures());
        var service = new CaptureService(captures, this::submit, new Containments(alerts, captures));
        this.intake = new AlertIntake(
                alerts,
                new AssetIdentity(assets, AssetIdentity.ADDRESS_WINDOW),
                new IncidentGrouping(incidents, IncidentGrouping.WINDOW),
                new RuleEngine(
                        new BatchRules(stores.rules()),
                        captures,
                        decisions,
                        service,
                        setting.budgets(),
                        setting.approvalLife()),
                setting.sources(),
                setting.clock());
    }

    static AlertBatch begin(BatchIntake setting, Organisation organisation, List<Alert> unread) {
        AlertBatches batches = setting.stores().batches();
        Map<AlertId, byte[]> raws = batches.raws(unread.stream().map(Alert::id).toList(), MOST_BYTES);
        AlertBatches.Question question = Glance.at(unread, raws, setting.sources());
        return new AlertBatch(setting, organisation, unread, raws, question, batches.known(organisation, question));
    }

    /// @return the assets that alerts of this body say something new about
    public Set<AssetId> normalise(Alert alert) {
        return intake.normalise(alert);
    }

    /// Writes what came of the alerts. Without it nothing did.
    public void finish() {
        write();
    }

    private void write() {
        var result = new AlertBatches.Result(assets.taken(), incidents.taken(), alerts.taken(), decisions.taken());
        if (!result.isEmpty()) {
            setting.stores().batches().save(organisation, result);
        }
    }

    /// A capture refers to its asset and its incident.
    private void submit(Capture capture) {
        write();
        setting.requests().submit(capture);
        captures.requested(capture);
    }
}
