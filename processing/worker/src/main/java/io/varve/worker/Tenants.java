package io.varve.worker;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.AlertOrigins;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs a capture through the tenants of its vendor: the first that knows the host; one that is down holds up no other.
/// A provider without tenants, such as
/// our own agent, is run as it is.
@ApplicationScoped
public class Tenants {
    /// Step that names the tenant which knows the host.
    private static final String TENANT = "tenant";
    /// Step that a provider stores once it has found the host.
    private static final String FOUND = "host";

    private final Integrations integrations;
    private final Connections connections;
    private final AlertOrigins origins;
    private final Captures captures;
    private final Clock clock;

    Tenants(Integrations integrations, Connections connections, AlertOrigins origins, Captures captures, Clock clock) {
        this.integrations = integrations;
        this.origins = origins;
        this.captures = captures;
        this.connections = connections;
        this.clock = clock;
    }

    /// One attempt through one tenant; empty when the vendor has none.
    @FunctionalInterface
    interface Attempt {
        void through(Optional<Connection> tenant) throws ProviderException, InterruptedException, IOException;
    }

    void run(Capture capture, Attempt attempt) throws ProviderException, InterruptedException, IOException {
        List<Integration> candidates = candidates(capture);
        if (candidates.isEmpty()) {
            attempt.through(Optional.empty());
            return;
        }
        Optional<ProviderException> trouble = Optional.empty();
        for (Integration candidate : candidates) {
            try {
                attempt.through(Optional.of(connections.open(candidate)));
                owns(candidate, capture);
                integrations.contact(candidate.id(), clock.instant(), Optional.empty());
                return;
            } catch (ProviderException e) {
                note(candidate, e);
                if (e.kind() == Kind.CANCELLED || owns(candidate, capture)) {
                    throw e;
                }
                if (trouble.isEmpty() || trouble.get().kind() == Kind.NOT_FOUND) {
                    trouble = Optional.of(e);
                }
            }
        }
        throw trouble.get();
    }

    /// The tenant that knew the host before; else all of the vendor, the one the alert came from first.
    private List<Integration> candidates(Capture capture) {
        List<Integration> all = connections.with(capture.organisation(), capture.provider(), Integration.Use.CAPTURE);
        Optional<String> owner = Optional.ofNullable(capture.steps().get(TENANT));
        if (owner.isPresent()) {
            return all.stream()
                    .filter(integration -> integration.id().toString().equals(owner.get()))
                    .toList();
        }
        Optional<IntegrationId> sender = capture.alert().flatMap(origins::of).map(AlertOrigins.Origin::integration);
        return all.stream()
                .sorted(Comparator.comparing(integration -> !sender.equals(Optional.of(integration.id()))))
                .toList();
    }

    /// Whether this attempt found the host: from then on the capture belongs to this tenant, whatever happens.
    private boolean owns(Integration candidate, Capture capture) {
        Map<String, String> steps =
                captures.find(capture.id()).map(Capture::steps).orElse(Map.of());
        if (!steps.containsKey(FOUND)) {
            return false;
        }
        if (!steps.containsKey(TENANT)) {
            CaptureStates.change(
                    captures,
                    capture.id(),
                    now -> CaptureStates.withStep(now, TENANT, candidate.id().toString()));
        }
        return true;
    }

    /// A host that is away or a capture that was stopped says nothing about the vendor.
    private void note(Integration integration, ProviderException e) {
        switch (e.kind()) {
            case FORBIDDEN, FAILED, THROTTLED ->
                integrations.contact(integration.id(), clock.instant(), Optional.of(e.reason()));
            case NOT_FOUND, OFFLINE, REFUSED, CANCELLED -> {}
        }
    }
}
