package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Assets whose alerts are to be held against their evidence, again. The table is the queue: an asset is in it once
/// however often it is marked, and a mark that comes while somebody works on it is not lost.
public interface CorroborationsDue {
    /// Part of the transaction that made it necessary.
    ///
    /// @param at when it is due, unless it is due earlier already
    void mark(Organisation organisation, AssetId asset, Instant at);

    /// Marks many at once.
    void mark(Organisation organisation, Collection<AssetId> assets, Instant at);

    /// Takes the asset that is due longest, until `until`; after that others may take it too.
    Optional<Due> take(Instant now, Instant until);

    /// Keeps it for longer.
    void keep(Due due, Instant until);

    /// Done with; marked meanwhile, it is due again at `again`.
    void done(Due due, Instant again);

    /// To be done later.
    void later(Due due, Instant at);

    /// @param marks how often it was marked when it was taken
    record Due(AssetId asset, long marks) {}
}
