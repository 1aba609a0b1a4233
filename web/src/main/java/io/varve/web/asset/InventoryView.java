package io.varve.web.asset;

import io.varve.acquisition.model.Integration;
import io.varve.database.Inventories.Gap;
import io.varve.database.Inventories.Item;
import io.varve.database.Inventories.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What integrations hold that can be captured, as clients see it.
///
/// @param items the first ones
/// @param total how many there are
public record InventoryView(List<Source> sources, List<Listed> items, long total) {
    /// An integration, and its newest list.
    ///
    /// @param requestedAt absent when nobody has asked for a list yet
    /// @param endedAt absent while the list is being made
    /// @param problem why nothing could be listed
    /// @param gaps places that could not be listed
    public record Source(
            String integration,
            String name,
            String vendor,
            Optional<Instant> requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            List<Gap> gaps) {
        static Source of(Integration integration, Optional<Listing> listing) {
            return new Source(
                    integration.id().toString(),
                    integration.name(),
                    integration.vendor(),
                    listing.map(Listing::requestedAt),
                    listing.flatMap(Listing::endedAt),
                    listing.flatMap(Listing::problem),
                    listing.map(Listing::gaps).orElse(List.of()));
        }
    }

    /// @param ephemeral why it may be gone soon
    /// @param goneAt when it was found no more
    public record Listed(
            String integration,
            String id,
            String name,
            Optional<String> hostName,
            String kind,
            String place,
            Optional<String> platform,
            String state,
            Optional<Instant> startedAt,
            Map<String, String> tags,
            Optional<String> ephemeral,
            Instant lastSeen,
            Optional<Instant> goneAt) {
        static Listed of(Item item) {
            return new Listed(
                    item.integration().toString(),
                    item.id(),
                    item.name(),
                    item.hostName(),
                    item.kind(),
                    item.place(),
                    item.platform(),
                    item.state(),
                    item.startedAt(),
                    item.tags(),
                    item.ephemeral(),
                    item.lastSeen(),
                    item.goneAt());
        }
    }
}
