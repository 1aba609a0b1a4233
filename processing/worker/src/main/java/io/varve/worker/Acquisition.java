package io.varve.worker;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.Approvals;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.CaptureService;
import io.varve.acquisition.Containments;
import io.varve.acquisition.Fallback;
import io.varve.acquisition.IncidentGrouping;
import io.varve.acquisition.RuleEngine;
import io.varve.acquisition.batch.BatchIntake;
import io.varve.acquisition.batch.Stores;
import io.varve.acquisition.model.AlertBatches;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Rules;
import io.varve.database.CaptureQueue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// Puts the acquisition services together: they know no framework.
@ApplicationScoped
public class Acquisition {
    @Produces
    @Singleton
    RuleEngine rules(
            Rules rules,
            Alerts alerts,
            Captures captures,
            Decisions decisions,
            CaptureQueue queue,
            WorkerConfig config) {
        var service = new CaptureService(captures, queue::add, new Containments(alerts, captures));
        return new RuleEngine(
                rules,
                captures,
                decisions,
                service,
                budgets(config),
                config.approval().life());
    }

    private static Budgets budgets(WorkerConfig config) {
        return new Budgets(
                config.budget().assetDaily(),
                config.budget().organisationDaily(),
                config.budget().organisationDailyBytes());
    }

    @Produces
    @Singleton
    AlertIntake intake(
            Alerts alerts, Assets assets, Incidents incidents, RuleEngine rules, MappedSources sources, Clock clock) {
        return new AlertIntake(
                alerts,
                new AssetIdentity(assets, AssetIdentity.ADDRESS_WINDOW),
                new IncidentGrouping(incidents, IncidentGrouping.WINDOW),
                rules,
                sources,
                clock);
    }

    @Produces
    @Singleton
    Stores stores(
            Alerts alerts,
            Assets assets,
            Incidents incidents,
            Rules rules,
            Captures captures,
            Decisions decisions,
            AlertBatches batches) {
        return new Stores(alerts, assets, incidents, rules, captures, decisions, batches);
    }

    @Produces
    @Singleton
    BatchIntake batches(Stores stores, CaptureQueue queue, MappedSources sources, WorkerConfig config, Clock clock) {
        return new BatchIntake(
                stores, queue::add, sources, budgets(config), config.approval().life(), clock);
    }

    @Produces
    @Singleton
    Fallback fallback(Captures captures, Assets assets, CaptureQueue queue, Decisions decisions) {
        return new Fallback(captures, assets, queue::add, decisions);
    }

    @Produces
    @Singleton
    Approvals approvals(Captures captures, CaptureQueue queue, Decisions decisions) {
        return new Approvals(captures, queue::add, decisions);
    }
}
