package io.varve.acquisition.batch;

import io.varve.acquisition.model.AlertBatches.Question;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The open incidents of a batch's assets, around the time its alerts are about.
final class BatchIncidents implements Incidents {
    private final Incidents below;
    private final Runnable write;
    private final BatchAssets assets;
    private final Question asked;
    private final Map<IncidentId, Incident> known = new HashMap<>();
    private final Map<AssetId, Set<IncidentId>> byAsset = new HashMap<>();
    private final Map<IncidentId, Incident> changed = new LinkedHashMap<>();

    BatchIncidents(
            Incidents below, Runnable write, BatchAssets assets, Question asked, Map<AssetId, List<Incident>> known) {
        this.below = below;
        this.write = write;
        this.assets = assets;
        this.asked = asked;
        known.forEach((asset, incidents) -> incidents.forEach(incident -> learn(asset, incident)));
    }

    List<Incident> taken() {
        List<Incident> taken = List.copyOf(changed.values());
        changed.clear();
        return taken;
    }

    @Override
    public Optional<Incident> find(IncidentId id) {
        return Optional.ofNullable(known.get(id)).or(() -> written().find(id));
    }

    @Override
    public Optional<Incident> openOn(AssetId asset, Instant from, Instant to) {
        if (!assets.isKnown(asset) || from.isBefore(asked.from()) || to.isAfter(asked.to())) {
            return written().openOn(asset, from, to);
        }
        return byAsset.getOrDefault(asset, Set.of()).stream()
                .flatMap(id -> Optional.ofNullable(known.get(id)).stream())
                .filter(incident -> incident.status() == Incident.Status.OPEN)
                .filter(incident -> !incident.firstSeen().isAfter(to)
                        && !incident.lastSeen().isBefore(from))
                .min(Comparator.comparing(Incident::lastSeen)
                        .reversed()
                        .thenComparing(incident -> incident.id().toString()));
    }

    @Override
    public List<Incident> newest(Organisation organisation, int limit) {
        return written().newest(organisation, limit);
    }

    @Override
    public void save(Incident incident) {
        known.put(incident.id(), incident);
        incident.assets().forEach(asset -> learn(asset, incident));
        changed.put(incident.id(), incident);
    }

    private void learn(AssetId asset, Incident incident) {
        known.put(incident.id(), incident);
        byAsset.computeIfAbsent(asset, id -> new LinkedHashSet<>()).add(incident.id());
    }

    private Incidents written() {
        write.run();
        return below;
    }
}
