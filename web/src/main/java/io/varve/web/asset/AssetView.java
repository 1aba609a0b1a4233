package io.varve.web.asset;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.database.Agent;
import io.varve.web.endpoint.AgentView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An asset as clients see it.
public record AssetView(
        String id,
        String name,
        Instant createdAt,
        Optional<String> mergedInto,
        List<Asset.Identifier> identifiers,
        Optional<OnAsset> agent) {

    /// The agent that runs on the asset.
    public record OnAsset(String id, boolean online, Instant lastSeen) {}

    static AssetView of(Asset asset, Optional<Agent> agent, Instant now) {
        return new AssetView(
                asset.id().toString(),
                asset.name(),
                asset.createdAt(),
                asset.mergedInto().map(AssetId::toString),
                asset.identifiers(),
                agent.map(known -> new OnAsset(known.id(), AgentView.isOnline(known, now), known.lastSeen())));
    }
}
