package io.varve.web.alert;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.Optional;

/// An alert as clients see it.
public record AlertView(
        String id,
        String source,
        Instant receivedAt,
        Alert.State state,
        Optional<String> problem,
        Optional<String> asset,
        Optional<String> incident,
        Optional<NormalisedAlert> normalised) {
    public static AlertView of(Alert alert) {
        return new AlertView(
                alert.id().toString(),
                alert.source(),
                alert.receivedAt(),
                alert.state(),
                alert.problem(),
                alert.asset().map(AssetId::toString),
                alert.incident().map(IncidentId::toString),
                alert.normalised());
    }

    /// The id alone: the answer to a new alert.
    public record Received(String alert) {
        static Received of(AlertId id) {
            return new Received(id.toString());
        }
    }
}
