package io.varve.database;

import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What integrations hold that can be captured: listed by a worker when the server asks for it, kept as it was found
/// last.
public interface Inventories {
    /// Notes that a list is asked for; what was found before stays until it is found again or gone.
    void requested(IntegrationId integration, Organisation organisation, String by, Instant at);

    Optional<Listing> listing(IntegrationId integration);

    /// Keeps what was found, a batch at a time.
    void found(IntegrationId integration, Organisation organisation, List<Item> batch, Instant at);

    /// Ends a list. What it did not find is gone, but in places that could not be listed.
    ///
    /// @param began what was found earlier was not found by this list
    /// @param problem why nothing could be listed: then nothing is taken to be gone
    void ended(IntegrationId integration, Instant began, List<Gap> gaps, Optional<String> problem, Instant at);

    /// What carries all of these words in its name, identifier, place or tags, by name; what is gone comes last.
    Found search(Organisation organisation, Optional<IntegrationId> integration, String words, int limit);

    Optional<Item> item(IntegrationId integration, String id);

    /// @param items the first ones
    /// @param total how many there are
    record Found(List<Item> items, long total) {}

    /// One list of one integration.
    ///
    /// @param endedAt empty while it is being made
    record Listing(
            String requestedBy,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            List<Gap> gaps) {}

    /// A place that could not be listed.
    record Gap(String place, String reason) {}

    /// One thing that can be captured; see the provider's inventory for what its parts mean.
    ///
    /// @param goneAt when it was found no more
    record Item(
            IntegrationId integration,
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
            Instant firstSeen,
            Instant lastSeen,
            Optional<Instant> goneAt) {}
}
