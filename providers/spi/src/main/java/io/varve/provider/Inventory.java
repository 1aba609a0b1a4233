package io.varve.provider;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What a tenant holds that can be captured, found without touching any of it.
public interface Inventory {
    /// Hands over everything the tenant shows us, one after another. What cannot be listed (a region that is off, an
    /// account that refuses) is handed over as a gap; the rest goes on.
    ///
    /// @throws ProviderException when nothing can be listed at all
    void list(Connection connection, Listing listing) throws ProviderException, InterruptedException;

    /// Takes what is found.
    interface Listing {
        void found(Found found);

        /// @param place what the places there begin with, as in [Found#place]; empty for all
        /// @param reason in words for the person who reads the list
        void gap(String place, String reason);
    }

    /// One thing that can be captured.
    ///
    /// @param id as assets carry it (kind `INSTANCE_ID`): of an EC2 instance, an Azure resource, `projects/…`,
    /// `pod:…`; lower case where its vendor does not tell cases apart
    /// @param name what people call it; the identifier where nobody named it
    /// @param hostName what it calls itself, where that is known
    /// @param kind in words, e.g. `EC2 instance`, `Pod`
    /// @param place where it is, the widest first, e.g. `123456789012 / eu-west-1`
    /// @param platform `linux`, `windows` or `macos`; empty when it is not said
    /// @param state in the vendor's word, e.g. `running`
    /// @param startedAt when it was made or last started
    /// @param tags or labels, as they are
    /// @param ephemeral why it may be gone soon, in words: an auto-scaling group, a job; empty when nothing says so
    record Found(
            String id,
            String name,
            Optional<String> hostName,
            String kind,
            String place,
            Optional<String> platform,
            String state,
            Optional<Instant> startedAt,
            Map<String, String> tags,
            Optional<String> ephemeral) {
        public Found {
            tags = Map.copyOf(tags);
        }
    }
}
