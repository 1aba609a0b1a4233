package io.varve.web.integration;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.varve.acquisition.integration.Catalogue;
import io.varve.acquisition.integration.VendorKind;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An integration as it is shown: of secrets only which are set.
///
/// @param checks result of the last check
public record IntegrationView(
        String id,
        String vendor,
        String label,
        String name,
        boolean enabled,
        List<Use> uses,
        Map<String, String> settings,
        List<String> secrets,
        Optional<InboundView> inbound,
        String createdBy,
        Instant createdAt,
        Optional<Instant> contactAt,
        Optional<String> problem,
        Optional<Instant> problemAt,
        long alerts,
        Optional<Instant> alertAt,
        Optional<Instant> checkedAt,
        @JsonRawValue String checks) {

    /// @param address what the vendor sends to, below this installation's own address
    /// @param settings without digests
    public record InboundView(
            Integration.Inbound.Kind kind, String source, Map<String, String> settings, String address) {}

    static IntegrationView of(Integration integration, IntegrationStatus status) {
        return new IntegrationView(
                integration.id().toString(),
                integration.vendor(),
                Catalogue.named(integration.vendor()).map(VendorKind::label).orElse(integration.vendor()),
                integration.name(),
                integration.enabled(),
                integration.uses().stream().sorted().toList(),
                new TreeMap<>(integration.settings()),
                integration.sealed().keySet().stream().sorted().toList(),
                integration.inbound().map(inbound -> inbound(integration, inbound)),
                integration.createdBy(),
                integration.createdAt(),
                status.contactAt(),
                status.problem(),
                status.problemAt(),
                status.alerts(),
                status.alertAt(),
                status.checkedAt(),
                status.checks().orElse("[]"));
    }

    private static InboundView inbound(Integration integration, Integration.Inbound inbound) {
        var settings = new TreeMap<>(inbound.settings());
        settings.remove("digest");
        return new InboundView(
                inbound.kind(),
                inbound.source(),
                settings,
                "/api/v1/alerts/%s/from/%s".formatted(inbound.source(), integration.id()));
    }
}
