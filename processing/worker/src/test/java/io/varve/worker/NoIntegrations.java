package io.varve.worker;

import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.IntegrationStatus;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An installation that is connected to nobody.
final class NoIntegrations implements Integrations {
    @Override
    public Optional<Integration> find(IntegrationId id) {
        return Optional.empty();
    }

    @Override
    public List<Integration> all(Organisation organisation) {
        return List.of();
    }

    @Override
    public List<Integration> enabled(Integration.Use use) {
        return List.of();
    }

    @Override
    public void save(Integration integration) {
        throw new AssertionError("nothing is saved here");
    }

    @Override
    public boolean delete(IntegrationId id) {
        return false;
    }

    @Override
    public IntegrationStatus status(IntegrationId id) {
        throw new AssertionError("there is no integration");
    }

    @Override
    public void contact(IntegrationId id, Instant at, Optional<String> problem) {}

    @Override
    public void polled(IntegrationId id, String cursor, long alerts, Instant at) {}

    @Override
    public void received(IntegrationId id, long alerts, Instant at) {}

    @Override
    public void checked(IntegrationId id, String checks, Instant at) {}
}
