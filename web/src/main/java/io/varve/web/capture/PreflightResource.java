package io.varve.web.capture;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.database.Preflights;
import io.varve.database.Preflights.Asked;
import io.varve.database.Tasks;
import io.varve.web.Named;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A look at a host before a capture: asked for here, answered by a worker.
@Path("/api/v1/preflights")
@RunOnVirtualThread
public class PreflightResource {
    private final Preflights preflights;
    private final Assets assets;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    PreflightResource(Preflights preflights, Assets assets, SchedulerClient queue, CurrentCaller current, Clock clock) {
        this.preflights = preflights;
        this.assets = assets;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    public record PreflightRequest(
            @Nullable String asset,
            @Nullable String provider,
            @Nullable String profile) {}

    /// @param problem why there is no result, in words
    /// @param result absent until it is there
    public record PreflightView(
            UUID id,
            Named asset,
            String provider,
            String profile,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            @JsonRawValue @Nullable String result) {}

    @POST
    public Response ask(@Nullable PreflightRequest body) {
        PreflightRequest request = Requests.body(body);
        Asset asset = assets.find(Requests.id(Requests.text(request.asset(), "asset"), AssetId::of, "asset"))
                .filter(found -> found.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("asset"));
        var asked = new Asked(
                UUID.randomUUID(),
                current.organisation(),
                asset.id(),
                Requests.text(request.provider(), "provider"),
                Requests.text(request.profile(), "profile"),
                current.caller().name(),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> {
            preflights.insert(asked);
            Tasks.queue(queue, Tasks.PREFLIGHT, asked.id().toString(), asked.requestedAt());
        });
        return Response.accepted(view(asked)).build();
    }

    @GET
    @Path("{id}")
    public PreflightView one(String id) {
        return preflights
                .find(Requests.id(id, UUID::fromString, "preflight"))
                .filter(asked -> asked.organisation().equals(current.organisation()))
                .map(this::view)
                .orElseThrow(() -> ProblemException.notFound("preflight"));
    }

    private PreflightView view(Asked asked) {
        return new PreflightView(
                asked.id(),
                Named.asset(asked.asset(), assets),
                asked.provider(),
                asked.profile(),
                asked.requestedAt(),
                asked.endedAt(),
                asked.problem(),
                asked.result().orElse(null));
    }
}
