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
        var budgets = new Budgets(
                config.budget().assetDaily(),
                config.budget().organisationDaily(),
                config.budget().organisationDailyBytes());
        var service = new CaptureService(captures, queue::add, new Containments(alerts, captures));
        return new RuleEngine(
                rules, captures, decisions, service, budgets, config.approval().life());
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
    Fallback fallback(Captures captures, Assets assets, CaptureQueue queue, Decisions decisions) {
        return new Fallback(captures, assets, queue::add, decisions);
    }

    @Produces
    @Singleton
    Approvals approvals(Captures captures, CaptureQueue queue, Decisions decisions) {
        return new Approvals(captures, queue::add, decisions);
    }
}
