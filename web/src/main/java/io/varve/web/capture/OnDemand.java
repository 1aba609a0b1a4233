package io.varve.web.capture;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.CaptureService;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.IncidentId;
import io.varve.database.AgentOrders;
import io.varve.database.Locks;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/// Captures that a person asks for, or asks to stop.
@ApplicationScoped
public class OnDemand {
    private final CaptureService service;
    private final Captures captures;
    private final AgentOrders orders;
    private final Locks locks;
    private final Clock clock;

    OnDemand(CaptureService service, Captures captures, AgentOrders orders, Locks locks, Clock clock) {
        this.service = service;
        this.captures = captures;
        this.orders = orders;
        this.locks = locks;
        this.clock = clock;
    }

    Capture request(Asset asset, String provider, String profile, String by, Optional<IncidentId> incident) {
        var reason = new CaptureService.Reason(by, Optional.empty(), incident, Optional.empty());
        CaptureService.Answer answer = QuarkusTransaction.requiringNew().call(() -> {
            locks.transaction("acquisition:" + asset.organisation());
            return service.request(asset, provider, profile, reason, clock.instant());
        });
        return switch (answer) {
            case CaptureService.Requested made -> made.capture();
            case CaptureService.Running running ->
                throw new ProblemException(
                        Code.CONFLICT,
                        "Capture %s of this asset with this profile has not ended yet."
                                .formatted(running.capture().id()));
            case CaptureService.Unreachable unreachable ->
                throw new ProblemException(Code.CONFLICT, unreachable.reason());
        };
    }

    /// Asks the worker and the machine to stop. A capture that has ended stays as it ended.
    Capture cancel(CaptureId id) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Capture stopping = captures.change(id, OnDemand::stopping);
            orders.cancel(id);
            return stopping;
        });
    }

    private static Capture stopping(Capture capture) {
        return switch (capture.state()) {
            case QUEUED, RUNNING -> capture.stopping();
            case CAPTURED, FAILED, CANCELLED ->
                throw new ProblemException(Code.CONFLICT, "The capture has ended already.");
        };
    }
}
