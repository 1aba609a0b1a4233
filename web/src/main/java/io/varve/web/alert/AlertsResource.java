package io.varve.web.alert;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.IncidentId;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Alerts in, and what became of them.
@Path("/api/v1/alerts")
@RunOnVirtualThread
public class AlertsResource {
    private static final int USUAL = 100;

    private final AlertInbox inbox;
    private final Alerts alerts;
    private final CurrentCaller current;

    AlertsResource(AlertInbox inbox, Alerts alerts, CurrentCaller current) {
        this.inbox = inbox;
        this.alerts = alerts;
        this.current = current;
    }

    @POST
    @Path("{source}")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response receive(String source, InputStream body) throws IOException {
        AlertId id = inbox.receive(current.organisation(), source, body);
        return Response.accepted(AlertView.Received.of(id)).build();
    }

    @GET
    public Items<AlertView> all(
            @QueryParam("incident") @Nullable String incident, @QueryParam("limit") @Nullable Integer limit) {
        int most = Requests.limit(limit, USUAL);
        Optional<IncidentId> one = Requests.optionalId(incident, IncidentId::of, "incident");
        List<Alert> found =
                one.isPresent() ? alerts.ofIncident(one.get(), most) : alerts.newest(current.organisation(), most);
        return new Items<>(found.stream()
                .filter(alert -> alert.organisation().equals(current.organisation()))
                .limit(most)
                .map(AlertView::of)
                .toList());
    }

    @GET
    @Path("{id}")
    public AlertView one(String id) {
        return AlertView.of(find(id));
    }

    @GET
    @Path("{id}/raw")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response raw(String id) {
        Alert alert = find(id);
        return Response.ok(alerts.raw(alert.id()), MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"alert-%s.json\"".formatted(alert.id()))
                .build();
    }

    private Alert find(String id) {
        return alerts.find(Requests.id(id, AlertId::of, "alert"))
                .filter(alert -> alert.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("alert"));
    }
}
