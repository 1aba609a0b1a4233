package io.varve.acquisition;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.Organisation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Batches over the repositories in memory.
///
/// @param mostAlerts of which the bodies are known from the first on
record KeptBatches(Kept kept, int mostAlerts) implements AlertBatches {
    @Override
    public Map<AlertId, byte[]> raws(List<AlertId> alerts, long most) {
        return alerts.stream().limit(mostAlerts).collect(Collectors.toMap(Function.identity(), kept.alerts::raw));
    }

    @Override
    public Known known(Organisation organisation, Question question) {
        var alerts = new HashMap<Identity, Alert>();
        question.alerts()
                .forEach(identity -> kept.alerts
                        .bySourceId(organisation, identity.source(), identity.sourceAlertId())
                        .ifPresent(alert -> alerts.put(identity, alert)));
        List<Asset> assets = question.names().stream()
                .flatMap(name -> kept.assets.having(organisation, name.kind(), name.value()).stream())
                .distinct()
                .toList();
        return new Known(
                alerts,
                assets,
                assets.stream().collect(Collectors.toMap(Asset::id, asset -> incidents(asset.id(), question))),
                assets.stream().collect(Collectors.toMap(Asset::id, asset -> captures(asset.id()))));
    }

    private List<Incident> incidents(AssetId asset, Question question) {
        return kept.incidents.rows.values().stream()
                .filter(incident -> incident.assets().contains(asset))
                .filter(incident -> !incident.firstSeen().isAfter(question.to())
                        && !incident.lastSeen().isBefore(question.from()))
                .toList();
    }

    private List<Capture> captures(AssetId asset) {
        return kept.captures.ofAsset(asset).stream()
                .sorted(Comparator.comparing(Capture::requestedAt).reversed())
                .toList();
    }

    @Override
    public void save(Organisation organisation, Result result) {
        result.assets().forEach(kept.assets::save);
        result.incidents().forEach(kept.incidents::save);
        result.alerts().forEach(kept.alerts::update);
        result.decisions().forEach(kept.decisions::save);
    }
}
