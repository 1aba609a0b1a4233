package io.varve.web.incident;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.access.SourcePath;
import io.varve.web.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Incidents, their Forensics tab and its live stream.
@Path("/api/v1/incidents")
@RunOnVirtualThread
public class IncidentsResource {
    private static final int USUAL = 100;

    private final Incidents incidents;
    private final Captures captures;
    private final Assets assets;
    private final Forensics forensics;
    private final LiveIncidents live;
    private final SourceIncidents sources;
    private final CurrentCaller current;

    IncidentsResource(
            Incidents incidents,
            Captures captures,
            Assets assets,
            Forensics forensics,
            LiveIncidents live,
            SourceIncidents sources,
            CurrentCaller current) {
        this.incidents = incidents;
        this.captures = captures;
        this.assets = assets;
        this.forensics = forensics;
        this.live = live;
        this.sources = sources;
        this.current = current;
    }

    @GET
    public Items<IncidentView> newest(@QueryParam("limit") @Nullable Integer limit) {
        return new Items<>(incidents.newest(current.organisation(), Requests.limit(limit, USUAL)).stream()
                .map(this::view)
                .toList());
    }

    @GET
    @Path("by-source/{source}")
    public SourceIncidentView bySource(String source, @QueryParam("id") @Nullable String id) {
        String asked = Requests.given(id).orElseThrow(() -> ProblemException.badRequest("id is missing"));
        return sources.of(current.organisation(), source, asked);
    }

    /// The id is whatever the source gives: it may hold slashes, and is read from the address as it was sent.
    @GET
    @Path("by-source/{source}/{id:.+}")
    public SourceIncidentView bySource(String source, @Context HttpServerRequest request) {
        return sources.of(
                current.organisation(),
                source,
                SourcePath.of(String.valueOf(request.path())).id());
    }

    @GET
    @Path("{id}")
    public IncidentView one(String id) {
        return view(find(id));
    }

    @GET
    @Path("{id}/forensics")
    public ForensicsView forensics(String id) throws IOException {
        return forensics.of(find(id));
    }

    @GET
    @Path("{id}/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(String id, @Context SseEventSink sink, @Context Sse sse) {
        live.follow(find(id).id(), sink, sse);
    }

    private IncidentView view(Incident incident) {
        return IncidentView.of(incident, captures.ofIncident(incident.id()), assets);
    }

    private Incident find(String id) {
        return incidents
                .find(Requests.id(id, IncidentId::of, "incident"))
                .filter(incident -> incident.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("incident"));
    }
}
