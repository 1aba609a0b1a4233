package io.varve.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.acquisition.AlertIntake;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.source.AlertSource;
import io.varve.acquisition.source.Mapped;
import io.varve.acquisition.source.Mapping;
import io.varve.acquisition.source.UnreadableAlertException;
import io.varve.database.AlertOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// The built-in alert sources, and the mappings that people wrote for webhooks of their own.
@ApplicationScoped
public class MappedSources implements AlertIntake.Sources {
    private static final JsonMapper JSON = new JsonMapper();

    private final AlertOrigins origins;
    private final Integrations integrations;

    MappedSources(AlertOrigins origins, Integrations integrations) {
        this.origins = origins;
        this.integrations = integrations;
    }

    @Override
    public Optional<AlertSource> of(Alert alert) throws UnreadableAlertException {
        if (!alert.source().equals(Mapped.NAME)) {
            return AlertSource.named(alert.source());
        }
        Optional<String> mapping = origins.of(alert.id())
                .flatMap(origin -> integrations.find(origin.integration()))
                .map(Integration::settings)
                .map(settings -> settings.getOrDefault("mapping", ""))
                .filter(text -> !text.isEmpty());
        return mapping.isEmpty() ? AlertSource.named(alert.source()) : Optional.of(mapped(mapping.get()));
    }

    private static AlertSource mapped(String text) throws UnreadableAlertException {
        try {
            return new Mapped(JSON.readValue(text, Mapping.class));
        } catch (JsonProcessingException e) {
            throw new UnreadableAlertException("the mapping of its integration cannot be read", e);
        }
    }
}
