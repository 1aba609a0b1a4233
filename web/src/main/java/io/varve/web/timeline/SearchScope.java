package io.varve.web.timeline;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Organisation;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.timeline.IndexName;
import io.varve.timeline.Scope;
import io.varve.web.evidence.KnownEvidence;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Which evidence a search spans: the current run of each item, the earliest capture of an asset shown first.
@ApplicationScoped
public class SearchScope {
    private static final String OLDER =
            "evidence older than the newest %,d items: narrow the search to an asset, an incident or an evidence item"
                    .formatted(Scope.MOST_PARTS);

    private final EvidenceItems items;
    private final KnownEvidence known;
    private final Incidents incidents;
    private final Captures captures;
    private final Assets assets;

    SearchScope(EvidenceItems items, KnownEvidence known, Incidents incidents, Captures captures, Assets assets) {
        this.items = items;
        this.known = known;
        this.incidents = incidents;
        this.captures = captures;
        this.assets = assets;
    }

    /// What the search is narrowed to; the narrowest given counts.
    public record Narrowed(Optional<String> evidence, Optional<IncidentId> incident, Optional<AssetId> asset) {
        static final Narrowed NOT = new Narrowed(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public record Spanned(Scope scope, Sources sources) {}

    public Spanned of(Organisation organisation, Narrowed narrowed) {
        List<EvidenceItem> found = find(organisation, narrowed).stream()
                .filter(item -> item.key().organisation().equals(organisation.value()))
                .toList();
        Sources sources = sources(found, narrowed.incident());
        return new Spanned(scope(found), found.size() < Scope.MOST_PARTS ? sources : sources.without(OLDER));
    }

    private List<EvidenceItem> find(Organisation organisation, Narrowed narrowed) {
        if (narrowed.evidence().isPresent()) {
            return List.of(known.find(organisation, narrowed.evidence().get()));
        }
        if (narrowed.incident().isPresent()) {
            Incident incident = incident(narrowed.incident().get());
            if (!incident.organisation().equals(organisation)) {
                throw ProblemException.notFound("incident");
            }
            return items.ofIncident(incident.id());
        }
        if (narrowed.asset().isPresent()) {
            return items.ofAsset(narrowed.asset().get());
        }
        return items.newest(organisation, Scope.MOST_PARTS);
    }

    private Scope scope(List<EvidenceItem> found) {
        List<EvidenceItem> holders = found.stream()
                .map(known::holder)
                .filter(item -> item.run() > 0 && item.state() != EvidenceItem.State.DISCARDED)
                .sorted(Comparator.comparing(EvidenceItem::createdAt))
                .distinct()
                .toList();
        var parts = new ArrayList<Scope.Part>();
        for (EvidenceItem item : holders) {
            var index = new IndexName(item.key().organisation(), item.key().id(), Integer.toString(item.run()));
            parts.add(new Scope.Part(index, asset(item.asset()), parts.size()));
        }
        return new Scope(parts);
    }

    /// The asset that this id means today: merged ones share their records.
    private String asset(AssetId id) {
        return assets.find(id).map(Asset::id).orElse(id).toString();
    }

    private Sources sources(List<EvidenceItem> found, Optional<IncidentId> incident) {
        var read = new ArrayList<String>();
        var running = new ArrayList<String>();
        var failed = new ArrayList<String>();
        for (EvidenceItem item : found) {
            if (item.state() == EvidenceItem.State.DISCARDED) {
                continue;
            }
            switch (known.holder(item).processing().state()) {
                case WAITING, RUNNING -> running.add(item.key().id());
                case DONE -> read.add(item.key().id());
                case FAILED -> failed.add(item.key().id());
            }
        }
        return new Sources(
                read, running, failed, incident.map(this::notCollected).orElse(List.of()));
    }

    private List<String> notCollected(IncidentId id) {
        var missing = new LinkedHashSet<String>();
        Incident incident = incident(id);
        for (AssetId asset : incident.assets()) {
            boolean captured =
                    items.ofAsset(asset).stream().anyMatch(item -> item.state() == EvidenceItem.State.SEALED);
            if (!captured) {
                missing.add("%s: nothing was captured".formatted(name(asset)));
            }
        }
        for (Capture capture : captures.ofIncident(id)) {
            if (capture.state().hasEnded() && capture.state() != Capture.State.CAPTURED) {
                missing.add("%s, profile %s: %s".formatted(name(capture.asset()), capture.profile(), capture.text()));
            }
        }
        return List.copyOf(missing);
    }

    private Incident incident(IncidentId id) {
        return incidents.find(id).orElseThrow(() -> ProblemException.notFound("incident"));
    }

    private String name(AssetId asset) {
        return assets.find(asset).map(Asset::name).orElse(asset.toString());
    }
}
