package io.varve.web.integration;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.integration.Catalogue;
import io.varve.acquisition.integration.VendorKind;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.secret.SecretSeal;
import io.varve.database.SecretKeyRing;
import io.varve.database.Tasks;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Vendors we are connected to: added, changed, checked. Secrets go in and never come out.
@Path("/api/v1/integrations")
@RunOnVirtualThread
public class IntegrationsResource {
    private final Integrations integrations;
    private final SecretKeyRing keys;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    IntegrationsResource(
            Integrations integrations, SecretKeyRing keys, SchedulerClient queue, CurrentCaller current, Clock clock) {
        this.integrations = integrations;
        this.keys = keys;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    @GET
    @Path("vendors")
    public Items<VendorKind> vendors() {
        return new Items<>(Catalogue.VENDORS);
    }

    @GET
    public Items<IntegrationView> all() {
        return new Items<>(integrations.all(current.organisation()).stream()
                .map(this::view)
                .toList());
    }

    @GET
    @Path("{id}")
    public IntegrationView one(String id) {
        return view(find(id));
    }

    @POST
    public Response add(@Nullable IntegrationForm body) {
        IntegrationForm form = Requests.body(body);
        Integration added = saved(form, IntegrationId.mint(), Optional.empty());
        current.did("integration_added", added.id().toString(), added.vendor() + " " + added.name());
        return Response.status(Response.Status.CREATED).entity(view(added)).build();
    }

    @PUT
    @Path("{id}")
    public IntegrationView change(String id, @Nullable IntegrationForm body) {
        Integration before = find(id);
        Integration changed = saved(Requests.body(body), before.id(), Optional.of(before));
        current.did("integration_changed", id, changed.name());
        return view(changed);
    }

    @DELETE
    @Path("{id}")
    public Response delete(String id) {
        Integration integration = find(id);
        integrations.delete(integration.id());
        current.did("integration_deleted", id, integration.name());
        return Response.noContent().build();
    }

    /// Asks a worker to look at every right; the result appears with the integration.
    @POST
    @Path("{id}/check")
    public Response check(String id) {
        Integration integration = find(id);
        Tasks.queue(queue, Tasks.CHECK_INTEGRATION, integration.id().toString(), clock.instant());
        return Response.accepted(view(integration)).build();
    }

    private Integration saved(IntegrationForm form, IntegrationId id, Optional<Integration> before) {
        VendorKind kind = Catalogue.named(
                        before.map(Integration::vendor).orElseGet(() -> Requests.text(form.vendor(), "vendor")))
                .orElseThrow(() -> ProblemException.badRequest("There is no vendor of this name."));
        SecretSeal seal = keys.newest()
                .map(SecretSeal::new)
                .orElseThrow(() -> new ProblemException(
                        Code.UNAVAILABLE, "No worker has started yet: secrets cannot be sealed. Try again."));
        Instant now = clock.instant();
        Integration integration = form.integration(
                id, current.organisation(), kind, before, seal, current.caller().name(), now);
        boolean taken = integrations.all(current.organisation()).stream()
                .anyMatch(other ->
                        other.name().equals(integration.name()) && !other.id().equals(id));
        if (taken) {
            throw new ProblemException(Code.CONFLICT, "Another integration has this name.");
        }
        QuarkusTransaction.requiringNew().run(() -> {
            integrations.save(integration);
            Tasks.queue(queue, Tasks.CHECK_INTEGRATION, id.toString(), now);
            if (integration.enabled() && integration.uses().contains(Use.ALERTS)) {
                Tasks.queue(queue, Tasks.FETCH_ALERTS, id.toString(), now);
            }
        });
        return integration;
    }

    private IntegrationView view(Integration integration) {
        return IntegrationView.of(integration, integrations.status(integration.id()));
    }

    private Integration find(String id) {
        return integrations
                .find(Requests.id(id, IntegrationId::of, "integration"))
                .filter(found -> found.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("integration"));
    }
}
