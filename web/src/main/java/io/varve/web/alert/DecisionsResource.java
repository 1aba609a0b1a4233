package io.varve.web.alert;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Decision;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Rules;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why captures were taken or not.
@Path("/api/v1/decisions")
@RunOnVirtualThread
public class DecisionsResource {
    private final Decisions decisions;
    private final Rules rules;
    private final CurrentCaller current;

    DecisionsResource(Decisions decisions, Rules rules, CurrentCaller current) {
        this.decisions = decisions;
        this.rules = rules;
        this.current = current;
    }

    @GET
    public Items<DecisionView> of(
            @QueryParam("alert") @Nullable String alert, @QueryParam("incident") @Nullable String incident) {
        return new Items<>(find(alert, incident).stream()
                .filter(decision -> decision.organisation().equals(current.organisation()))
                .map(decision -> DecisionView.of(decision, rules))
                .toList());
    }

    private List<Decision> find(@Nullable String alert, @Nullable String incident) {
        return Requests.optionalId(alert, AlertId::of, "alert")
                .map(decisions::ofAlert)
                .or(() -> Requests.optionalId(incident, IncidentId::of, "incident")
                        .map(decisions::ofIncident))
                .orElseThrow(() -> ProblemException.badRequest("alert or incident is missing"));
    }
}
