package io.varve.web.rule;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Rules: when an alert of this kind comes in, capture the asset this way.
@Path("/api/v1/rules")
@RunOnVirtualThread
public class RulesResource {
    private final Rules rules;
    private final Simulations simulations;
    private final CurrentCaller current;

    RulesResource(Rules rules, Simulations simulations, CurrentCaller current) {
        this.rules = rules;
        this.simulations = simulations;
        this.current = current;
    }

    @GET
    public Items<RuleView> all() {
        return new Items<>(
                rules.all(current.organisation()).stream().map(RuleView::of).toList());
    }

    @POST
    public Response create(@Nullable RuleView body) {
        Rule rule = Requests.body(body).rule(RuleId.mint(), current.organisation());
        rules.save(rule);
        current.did("rule_created", rule.id().toString(), rule.name());
        return Response.status(Response.Status.CREATED)
                .entity(RuleView.of(rule))
                .build();
    }

    public record SimulationRequest(
            @Nullable RuleView rule, @Nullable String period) {}

    @POST
    @Path("simulate")
    public SimulationView simulate(@Nullable SimulationRequest body) {
        SimulationRequest request = Requests.body(body);
        Rule rule = Requests.body(request.rule()).rule(RuleId.mint(), current.organisation());
        return simulations.of(rule, request.period());
    }

    @PUT
    @Path("{id}")
    public RuleView replace(String id, @Nullable RuleView body) {
        Rule rule = Requests.body(body).rule(find(id).id(), current.organisation());
        rules.save(rule);
        current.did("rule_changed", id, rule.toString());
        return RuleView.of(rule);
    }

    @DELETE
    @Path("{id}")
    public Response delete(String id) {
        Rule rule = find(id);
        rules.delete(rule.id());
        current.did("rule_deleted", id, rule.name());
        return Response.noContent().build();
    }

    private Rule find(String id) {
        return rules.find(Requests.id(id, RuleId::of, "rule"))
                .filter(rule -> rule.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("rule"));
    }
}
