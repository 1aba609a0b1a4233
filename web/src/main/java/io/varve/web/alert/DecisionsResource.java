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
    private static final int USUAL = 200;

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
            @QueryParam("alert") @Nullable String alert,
            @QueryParam("incident") @Nullable String incident,
            @QueryParam("limit") @Nullable Integer limit) {
        List<Decision> found = find(alert, incident, Requests.limit(limit, USUAL)).stream()
                .filter(decision -> decision.organisation().equals(current.organisation()))
                .toList();
        return new Items<>(DecisionView.of(found, rules));
    }

    private List<Decision> find(@Nullable String alert, @Nullable String incident, int limit) {
        return Requests.optionalId(alert, AlertId::of, "alert")
                .map(decisions::ofAlert)
                .or(() -> Requests.optionalId(incident, IncidentId::of, "incident")
                        .map(id -> decisions.ofIncident(id, limit)))
                .orElseThrow(() -> ProblemException.badRequest("alert or incident is missing"));
    }
}
