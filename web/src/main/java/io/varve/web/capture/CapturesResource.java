package io.varve.web.capture;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.endpoint.ProfileNames;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Captures: asked for, followed, stopped.
@Path("/api/v1/captures")
@RunOnVirtualThread
public class CapturesResource {
    private static final int USUAL = 100;

    private final OnDemand demand;
    private final Captures captures;
    private final Assets assets;
    private final Incidents incidents;
    private final CurrentCaller current;

    CapturesResource(OnDemand demand, Captures captures, Assets assets, Incidents incidents, CurrentCaller current) {
        this.demand = demand;
        this.captures = captures;
        this.assets = assets;
        this.incidents = incidents;
        this.current = current;
    }

    public record CaptureRequest(
            @Nullable String asset,
            @Nullable String provider,
            @Nullable List<String> providers,
            @Nullable String profile,
            @Nullable String incident,
            @Nullable String reason) {}

    @POST
    public Response request(@Nullable CaptureRequest body) {
        CaptureRequest request = Requests.body(body);
        Asset asset = assets.find(Requests.id(Requests.text(request.asset(), "asset"), AssetId::of, "asset"))
                .filter(found -> found.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("asset"));
        List<String> providers = ProfileNames.providers(request.providers(), request.provider());
        String profile = Requests.text(request.profile(), "profile");
        ProfileNames.require(profile, providers);
        Optional<IncidentId> incident = Requests.optionalId(request.incident(), IncidentId::of, "incident")
                .map(this::known);
        Optional<String> reason = Requests.given(request.reason()).map(text -> Requests.text(text, "reason"));
        Capture capture =
                demand.request(asset, providers, profile, current.caller().name(), incident, reason);
        String why = reason.map(text -> ": " + text).orElse("");
        current.did("capture_requested", capture.id().toString(), asset.name() + " " + profile + why);
        return Response.accepted(CaptureView.of(capture, assets)).build();
    }

    @GET
    public Items<CaptureView> all(
            @QueryParam("incident") @Nullable String incident,
            @QueryParam("asset") @Nullable String asset,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable Integer limit) {
        int most = Requests.limit(limit, USUAL);
        Optional<IncidentId> byIncident = Requests.optionalId(incident, IncidentId::of, "incident");
        Optional<AssetId> byAsset = Requests.optionalId(asset, AssetId::of, "asset");
        Optional<Capture.State> inState = Requests.given(state).map(CapturesResource::state);
        List<Capture> found = byIncident
                .map(captures::ofIncident)
                .or(() -> byAsset.map(captures::ofAsset))
                .or(() -> inState.map(wanted -> captures.in(current.organisation(), wanted, most)))
                .orElseGet(() -> captures.newest(current.organisation(), most));
        return new Items<>(found.stream()
                .filter(capture -> inState.isEmpty() || inState.get() == capture.state())
                .filter(capture -> capture.organisation().equals(current.organisation()))
                .limit(most)
                .map(capture -> CaptureView.of(capture, assets))
                .toList());
    }

    @GET
    @Path("{id}")
    public CaptureView one(String id) {
        return CaptureView.of(find(id), assets);
    }

    @POST
    @Path("{id}/cancel")
    public CaptureView cancel(String id) {
        Capture stopping = demand.cancel(find(id).id());
        current.did("capture_cancelled", id, "");
        return CaptureView.of(stopping, assets);
    }

    public record Answer(@Nullable String reason) {}

    @POST
    @Path("{id}/approve")
    public CaptureView approve(String id, @Nullable Answer body) {
        String reason = Requests.text(Requests.body(body).reason(), "reason");
        Capture approved = demand.approve(find(id).id(), current.caller().name(), reason);
        current.did("capture_approved", id, reason);
        return CaptureView.of(approved, assets);
    }

    @POST
    @Path("{id}/reject")
    public CaptureView reject(String id, @Nullable Answer body) {
        String reason = Requests.text(Requests.body(body).reason(), "reason");
        Capture rejected = demand.reject(find(id).id(), current.caller().name(), reason);
        current.did("capture_rejected", id, reason);
        return CaptureView.of(rejected, assets);
    }

    private static Capture.State state(String name) {
        try {
            return Capture.State.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("there is no such state of captures");
        }
    }

    private IncidentId known(IncidentId id) {
        return incidents
                .find(id)
                .filter(incident -> incident.organisation().equals(current.organisation()))
                .map(Incident::id)
                .orElseThrow(() -> ProblemException.notFound("incident"));
    }

    private Capture find(String id) {
        return captures.find(Requests.id(id, CaptureId::of, "capture"))
                .filter(capture -> capture.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("capture"));
    }
}
