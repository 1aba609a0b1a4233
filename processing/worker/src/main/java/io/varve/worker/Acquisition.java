package io.varve.worker;

import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.CaptureService;
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
    AlertIntake intake(
            Alerts alerts,
            Assets assets,
            Incidents incidents,
            Rules rules,
            Captures captures,
            Decisions decisions,
            CaptureQueue queue,
            Clock clock) {
        var service = new CaptureService(captures, queue::add, CaptureService.REACHES);
        return new AlertIntake(
                alerts,
                new AssetIdentity(assets, AssetIdentity.ADDRESS_WINDOW),
                new IncidentGrouping(incidents, IncidentGrouping.WINDOW),
                new RuleEngine(rules, captures, decisions, service),
                clock);
    }
}
