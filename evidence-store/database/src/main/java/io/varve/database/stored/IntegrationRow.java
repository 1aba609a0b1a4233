package io.varve.database.stored;

import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Inbound;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "integration")
@SuppressWarnings("NullAway.Init")
class IntegrationRow {
    @Id
    UUID id;

    String organisation;
    String vendor;
    String name;
    boolean enabled;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String uses;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String settings;

    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String sealed;

    @Nullable
    String inboundKind;

    @Nullable
    String inboundSource;

    @Nullable
    @Column(columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    String inboundSettings;

    String createdBy;
    Instant createdAt;

    static IntegrationRow of(Integration integration) {
        IntegrationRow row = new IntegrationRow();
        row.id = integration.id().value();
        row.organisation = integration.organisation().value();
        row.vendor = integration.vendor();
        row.name = integration.name();
        row.enabled = integration.enabled();
        row.uses =
                Json.write(integration.uses().stream().map(Use::name).sorted().toList());
        row.settings = Json.write(new TreeMap<>(integration.settings()));
        row.sealed = Json.write(new TreeMap<>(integration.sealed()));
        row.inboundKind = integration.inbound().map(in -> in.kind().name()).orElse(null);
        row.inboundSource = integration.inbound().map(Inbound::source).orElse(null);
        row.inboundSettings = integration
                .inbound()
                .map(in -> Json.write(new TreeMap<>(in.settings())))
                .orElse(null);
        row.createdBy = integration.createdBy();
        row.createdAt = integration.createdAt();
        return row;
    }

    Integration integration() {
        return new Integration(
                new IntegrationId(id),
                new Organisation(organisation),
                vendor,
                name,
                enabled,
                Json.texts(uses).stream().map(Use::valueOf).collect(Collectors.toUnmodifiableSet()),
                Json.textByName(settings),
                Json.textByName(sealed),
                inbound(),
                createdBy,
                createdAt);
    }

    private Optional<Inbound> inbound() {
        if (inboundKind == null || inboundSource == null || inboundSettings == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Inbound(Inbound.Kind.valueOf(inboundKind), inboundSource, Json.textByName(inboundSettings)));
    }
}
