package io.varve.web.endpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.Agents;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// Enrolled agents.
@Path("/api/v1/agents")
@RunOnVirtualThread
public class AgentsResource {
    private static final int USUAL = 200;

    private final Agents agents;
    private final CurrentCaller current;
    private final Clock clock;

    AgentsResource(Agents agents, CurrentCaller current, Clock clock) {
        this.agents = agents;
        this.current = current;
        this.clock = clock;
    }

    @GET
    public Items<AgentView> all(@QueryParam("limit") @Nullable Integer limit) {
        return new Items<>(agents.all(current.organisation(), Requests.limit(limit, USUAL)).stream()
                .map(agent -> AgentView.of(agent, clock.instant()))
                .toList());
    }
}
