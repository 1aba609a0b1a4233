package io.varve.worker;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Runs a capture through the tenants of its vendor: the first that knows the host. A provider without tenants, such as
/// our own agent, is run as it is.
@ApplicationScoped
public class Tenants {
    private final Integrations integrations;
    private final Connections connections;
    private final Clock clock;

    Tenants(Integrations integrations, Connections connections, Clock clock) {
        this.integrations = integrations;
        this.connections = connections;
        this.clock = clock;
    }

    /// One attempt through one tenant; empty when the vendor has none.
    @FunctionalInterface
    interface Attempt {
        void through(Optional<Connection> tenant) throws ProviderException, InterruptedException, IOException;
    }

    void run(Capture capture, Attempt attempt) throws ProviderException, InterruptedException, IOException {
        List<Integration> candidates =
                connections.with(capture.organisation(), capture.provider(), Integration.Use.CAPTURE);
        if (candidates.isEmpty()) {
            attempt.through(Optional.empty());
            return;
        }
        for (int i = 0; i < candidates.size(); i++) {
            Integration candidate = candidates.get(i);
            try {
                attempt.through(Optional.of(connections.open(candidate)));
                integrations.contact(candidate.id(), clock.instant(), Optional.empty());
                return;
            } catch (ProviderException e) {
                note(candidate, e);
                if (e.kind() != Kind.NOT_FOUND || i == candidates.size() - 1) {
                    throw e;
                }
            }
        }
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
