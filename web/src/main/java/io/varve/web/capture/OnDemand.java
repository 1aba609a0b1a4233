package io.varve.web.capture;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.Approvals;
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
import java.util.List;
import java.util.Optional;

/// Captures that a person asks for, or asks to stop.
@ApplicationScoped
public class OnDemand {
    private final CaptureService service;
    private final Approvals approvals;
    private final Captures captures;
    private final AgentOrders orders;
    private final Locks locks;
    private final Clock clock;

    OnDemand(
            CaptureService service,
            Approvals approvals,
            Captures captures,
            AgentOrders orders,
            Locks locks,
            Clock clock) {
        this.service = service;
        this.approvals = approvals;
        this.captures = captures;
        this.orders = orders;
        this.locks = locks;
        this.clock = clock;
    }

    /// @param why in the person's own words; kept as the first step of the capture
    Capture request(
            Asset asset,
            List<String> providers,
            String profile,
            String by,
            Optional<IncidentId> incident,
            Optional<String> why) {
        var reason = new CaptureService.Reason(by, Optional.empty(), incident, Optional.empty());
        CaptureService.Answer answer = QuarkusTransaction.requiringNew().call(() -> {
            locks.transaction("acquisition:" + asset.organisation());
            return because(why, service.request(asset, providers, profile, reason, clock.instant()));
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

    private CaptureService.Answer because(Optional<String> why, CaptureService.Answer answer) {
        return why.isPresent() && answer instanceof CaptureService.Requested made
                ? new CaptureService.Requested(
                        captures.change(made.capture().id(), capture -> capture.because(why.get())))
                : answer;
    }

    /// Asks the worker and the machine to stop. A capture that has ended stays as it ended.
    Capture cancel(CaptureId id) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Capture stopping = captures.change(id, OnDemand::stopping);
            orders.cancel(id);
            return stopping;
        });
    }

    Capture approve(CaptureId id, String by, String reason) {
        return answered(
                QuarkusTransaction.requiringNew().call(() -> approvals.approve(id, by, reason, clock.instant())));
    }

    Capture reject(CaptureId id, String by, String reason) {
        return answered(
                QuarkusTransaction.requiringNew().call(() -> approvals.reject(id, by, reason, clock.instant())));
    }

    private static Capture answered(Optional<Capture> judged) {
        return judged.orElseThrow(
                () -> new ProblemException(Code.CONFLICT, "The capture does not wait for approval, or not any more."));
    }

    private static Capture stopping(Capture capture) {
        return switch (capture.state()) {
            case QUEUED, RUNNING -> capture.stopping();
            case AWAITING_APPROVAL ->
                throw new ProblemException(Code.CONFLICT, "The capture waits for approval: reject it instead.");
            case CAPTURED, FAILED, CANCELLED, REJECTED ->
                throw new ProblemException(Code.CONFLICT, "The capture has ended already.");
        };
    }
}
